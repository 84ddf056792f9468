# From config/dictionary/*.dia to C++: the embedded dictionary and the generated messages.
#
#   diamgw_codegen               the generator, from src/dictionary/tool
#   diamgw_dictionary_tool       its program
#   diamgw_dictionary_embedded   dictionary::embedded()
#   diamgw_messages_NAME         diamgw/messages/NAME.hpp, for each config/dictionary/NAME.dia
#   diamgw_all_messages          diamgw/messages/commands.hpp, the table of all their messages
#
# Messages are most of what there is to compile, so each dictionary's are a library of their own,
# which is built where something that is built links it and not otherwise.
function(add_dictionary_codegen)
  set(tool ${PROJECT_SOURCE_DIR}/src/dictionary/tool)
  file(GLOB tool_sources CONFIGURE_DEPENDS ${tool}/*.cpp)
  list(REMOVE_ITEM tool_sources ${tool}/main.cpp)
  add_library(diamgw_codegen STATIC ${tool_sources})
  target_include_directories(diamgw_codegen PUBLIC ${tool})
  target_link_libraries(diamgw_codegen PUBLIC diamgw_dictionary)
  set_target_properties(diamgw_codegen PROPERTIES UNITY_BUILD ${DIAMGW_SEVERAL_AT_ONCE})
  add_executable(diamgw_dictionary_tool ${tool}/main.cpp)
  target_link_libraries(diamgw_dictionary_tool PRIVATE diamgw_codegen)
  # It runs once in a build, for two seconds; optimised it takes a minute more to compile.
  foreach(target diamgw_codegen diamgw_dictionary_tool)
    target_compile_options(${target} PRIVATE -O0)
  endforeach()

  file(GLOB dictionaries CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/config/dictionary/*.dia)
  set(base ${PROJECT_SOURCE_DIR}/config/dictionary/rfc6733.dia)  # first: others use its PCH
  list(REMOVE_ITEM dictionaries ${base})
  list(PREPEND dictionaries ${base})
  set(generated ${PROJECT_BINARY_DIR}/generated)
  set(embedded ${generated}/diamgw_dictionary_embedded.cpp)
  set(commands ${generated}/diamgw/messages/commands)
  set(outputs ${embedded} ${commands}.hpp ${commands}.cpp)
  set(names)
  foreach(file ${dictionaries})
    get_filename_component(name ${file} NAME_WE)
    list(APPEND names ${name})
    set(path ${generated}/diamgw/messages/${name})
    list(APPEND outputs ${path}.hpp ${path}.cpp ${path}/avps.hpp ${path}/groups.hpp)
    add_message_library(${name} ${file} ${generated})
  endforeach()
  add_custom_command(
    OUTPUT ${outputs}
    COMMAND diamgw_dictionary_tool --embed ${embedded} --messages ${generated}/diamgw/messages
            ${dictionaries}
    DEPENDS diamgw_dictionary_tool ${dictionaries}
    COMMENT "Generating C++ from config/dictionary" VERBATIM)
  # One target runs the generator, so that two libraries built at once do not run it twice.
  add_custom_target(diamgw_generate DEPENDS ${outputs})

  add_library(diamgw_dictionary_embedded STATIC ${embedded})
  target_link_libraries(diamgw_dictionary_embedded PUBLIC diamgw_dictionary)
  add_dependencies(diamgw_dictionary_embedded diamgw_generate)

  add_library(diamgw_all_messages STATIC EXCLUDE_FROM_ALL ${commands}.cpp)
  target_sources(diamgw_all_messages PUBLIC FILE_SET HEADERS BASE_DIRS ${generated}
                 FILES ${commands}.hpp)
  list(TRANSFORM names PREPEND diamgw_messages_)
  target_link_libraries(diamgw_all_messages PUBLIC ${names})
  add_dependencies(diamgw_all_messages diamgw_generate)
endfunction()

# Links the libraries of those that it inherits. Documents inherit from each other in circles, and
# static libraries may.
function(add_message_library name file generated)
  set(target diamgw_messages_${name})
  set(path ${generated}/diamgw/messages/${name})
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  file(STRINGS ${file} inherited REGEX "^@inherits ")
  list(TRANSFORM inherited REPLACE "^@inherits +([a-z0-9_]+).*" "diamgw_messages_\\1")
  file(STRINGS ${file} records REGEX "^@(messages|grouped)")
  if(records)
    add_library(${target} STATIC EXCLUDE_FROM_ALL ${path}.cpp)
    set(scope PUBLIC)
    target_link_libraries(${target} PUBLIC ${inherited})
    # Where nothing is measured, compiling quickly is worth more than running quickly.
    target_compile_options(${target} PRIVATE $<$<CONFIG:Debug>:-O0>)
    # What all of them include takes as long to read as the rest of most of them.
    if(name STREQUAL "rfc6733")
      target_precompile_headers(${target} PRIVATE <diamgw/messages/typed.hpp>
                                <diamgw/messages/typed/commands.hpp>)
    else()
      target_precompile_headers(${target} REUSE_FROM diamgw_messages_rfc6733)
    endif()
  else()  # AVPs alone, which are constants
    add_library(${target} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_link_libraries(${target} ${scope} diamgw_messages)
  # That they compile alone is not verified: each is what the next, and at last the source, begins
  # with.
  target_sources(${target} ${scope} FILE_SET HEADERS BASE_DIRS ${generated} 
                 FILES ${path}.hpp ${path}/avps.hpp ${path}/groups.hpp)
  add_dependencies(${target} diamgw_generate)
endfunction()
