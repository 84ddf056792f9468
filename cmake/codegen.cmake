# From config/dictionary/*.dia to C++: the embedded dictionary and the typed messages.
#
#   diamgw_codegen               the generator, from src/dictionary/tool
#   diamgw_dictionary_tool       its program
#   diamgw_dictionary_embedded   dictionary::embedded()
#   diamgw_typed_messages        diamgw/messages/NAME.hpp for each config/dictionary/NAME.dia, and
#                                commands.hpp, the table of all their messages
function(add_dictionary_codegen)
  set(tool ${PROJECT_SOURCE_DIR}/src/dictionary/tool)
  file(GLOB tool_sources CONFIGURE_DEPENDS ${tool}/*.cpp)
  list(REMOVE_ITEM tool_sources ${tool}/main.cpp)
  add_library(diamgw_codegen STATIC ${tool_sources})
  target_include_directories(diamgw_codegen PUBLIC ${tool})
  target_link_libraries(diamgw_codegen PUBLIC diamgw_dictionary)
  add_executable(diamgw_dictionary_tool ${tool}/main.cpp)
  target_link_libraries(diamgw_dictionary_tool PRIVATE diamgw_codegen)

  file(GLOB dictionaries CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/config/dictionary/*.dia)
  set(generated ${PROJECT_BINARY_DIR}/generated)
  set(embedded ${generated}/diamgw_dictionary_embedded.cpp)
  set(headers ${generated}/diamgw/messages/commands.hpp)
  set(sources ${generated}/diamgw/messages/commands.cpp)
  foreach(file ${dictionaries})
    get_filename_component(name ${file} NAME_WE)
    list(APPEND headers ${generated}/diamgw/messages/${name}.hpp)
    list(APPEND sources ${generated}/diamgw/messages/${name}.cpp)
  endforeach()
  add_custom_command(
    OUTPUT ${embedded} ${headers} ${sources}
    COMMAND diamgw_dictionary_tool --embed ${embedded} --messages ${generated}/diamgw/messages
            ${dictionaries}
    DEPENDS diamgw_dictionary_tool ${dictionaries}
    COMMENT "Generating C++ from config/dictionary" VERBATIM)
  # One target runs the generator, so that two libraries built at once do not run it twice.
  add_custom_target(diamgw_generate DEPENDS ${embedded} ${headers} ${sources})

  add_library(diamgw_dictionary_embedded STATIC ${embedded})
  target_link_libraries(diamgw_dictionary_embedded PUBLIC diamgw_dictionary)
  add_dependencies(diamgw_dictionary_embedded diamgw_generate)

  add_library(diamgw_typed_messages STATIC ${sources})
  target_sources(diamgw_typed_messages PUBLIC FILE_SET HEADERS BASE_DIRS ${generated} FILES ${headers})
  target_link_libraries(diamgw_typed_messages PUBLIC diamgw_messages)
  add_dependencies(diamgw_typed_messages diamgw_generate)
  set_target_properties(diamgw_typed_messages PROPERTIES VERIFY_INTERFACE_HEADER_SETS ON)
endfunction()
