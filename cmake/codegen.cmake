# From config/dictionary/*.dia to C++: the embedded dictionary and the typed messages.
#
#   diamgw_dictionary_tool       the generator, from src/dictionary/tool
#   diamgw_dictionary_embedded   dictionary::embedded()
function(add_dictionary_codegen)
  file(GLOB tool_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/dictionary/tool/*.cpp)
  add_executable(diamgw_dictionary_tool ${tool_sources})
  target_link_libraries(diamgw_dictionary_tool PRIVATE diamgw_dictionary)

  file(GLOB dictionaries CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/config/dictionary/*.dia)
  set(generated ${PROJECT_BINARY_DIR}/generated)
  set(embedded ${generated}/diamgw_dictionary_embedded.cpp)
  add_custom_command(
    OUTPUT ${embedded}
    COMMAND diamgw_dictionary_tool --embed ${embedded} ${dictionaries}
    DEPENDS diamgw_dictionary_tool ${dictionaries}
    COMMENT "Generating C++ from config/dictionary" VERBATIM)
  add_library(diamgw_dictionary_embedded STATIC ${embedded})
  target_link_libraries(diamgw_dictionary_embedded PUBLIC diamgw_dictionary)
endfunction()
