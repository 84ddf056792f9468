# Which commit is built, into a source of its own that is written anew only where it has changed.
# A packager who builds outside the repository gives -DDIAMGW_COMMIT=...
#
# Included, it defines add_commit(TARGET); run as a script (-P), it writes OUTPUT.
if(CMAKE_SCRIPT_MODE_FILE)
  if(COMMIT STREQUAL "")
    execute_process(COMMAND git describe --always --dirty --abbrev=12 --exclude=*
                    WORKING_DIRECTORY ${SOURCE} OUTPUT_VARIABLE COMMIT ERROR_QUIET
                    OUTPUT_STRIP_TRAILING_WHITESPACE)
  endif()
  if(COMMIT STREQUAL "")
    set(COMMIT unknown)
  endif()
  file(CONFIGURE OUTPUT ${OUTPUT} CONTENT [[
#include "app/commit.hpp"

namespace diamgw::app {
const char* const commit = "@COMMIT@";
}
]] @ONLY)
  return()
endif()

set(DIAMGW_COMMIT "" CACHE STRING "The commit that is built; empty: ask git")

function(add_commit target)
  set(source ${CMAKE_CURRENT_BINARY_DIR}/generated/commit.cpp)
  add_custom_target(diamgw_commit BYPRODUCTS ${source}
                    COMMAND ${CMAKE_COMMAND} -DSOURCE=${PROJECT_SOURCE_DIR} -DOUTPUT=${source}
                            -DCOMMIT=${DIAMGW_COMMIT} -P ${PROJECT_SOURCE_DIR}/cmake/commit.cmake)
  target_sources(${target} PRIVATE ${source})
  set_source_files_properties(${source} PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
  add_dependencies(${target} diamgw_commit)
endfunction()
