# add_layer(NAME LINK ...)      the static library diamgw_NAME from src/NAME and include/diamgw/NAME
# add_program(NAME)             the executable from src/main.cpp
# add_unit_tests(LAYER)         the executable LAYER_test from tests/unit/LAYER
# A layer without sources yet is an interface library, so that the table stays whole.

function(add_layer name)
  cmake_parse_arguments(arg "" "" "LINK" ${ARGN})
  set(target diamgw_${name})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/${name}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "/(tool|hooks)/")
  file(GLOB_RECURSE headers CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/include/diamgw/${name}/*.hpp)
  if(sources)
    add_library(${target} STATIC ${sources})
    set(scope PUBLIC)
  else()
    add_library(${target} INTERFACE)
    set(scope INTERFACE)
  endif()
  # Each header compiles alone, which scripts/prove verifies. That one shows it which its own source
  # includes first, as scripts/check_layers has it, if nothing was precompiled and the source is
  # compiled by itself, as `coverage` does; the others are compiled for it.
  set(shown)
  if(NOT "ASIO" IN_LIST arg_LINK)
    foreach(header ${headers})
      string(REGEX REPLACE "/include/diamgw/(.*)hpp$" "/src/\\1cpp" source ${header})
      if(source IN_LIST sources)
        list(APPEND shown ${header})
      endif()
    endforeach()
    list(REMOVE_ITEM headers ${shown} "")
  endif()
  if(shown)
    target_sources(${target} ${scope} FILE_SET shown TYPE HEADERS
                   BASE_DIRS ${PROJECT_SOURCE_DIR}/include FILES ${shown})
  endif()
  if(headers)
    target_sources(${target} ${scope} FILE_SET alone TYPE HEADERS
                   BASE_DIRS ${PROJECT_SOURCE_DIR}/include FILES ${headers})
    set_target_properties(${target} PROPERTIES VERIFY_INTERFACE_HEADER_SETS ON
                          INTERFACE_HEADER_SETS_TO_VERIFY alone)
  endif()
  target_include_directories(${target} ${scope} ${PROJECT_SOURCE_DIR}/include)
  if(sources)
    target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/src)
  endif()
  target_link_libraries(${target} ${scope} ${arg_LINK})
  if(sources AND "ASIO" IN_LIST arg_LINK)
    target_precompile_headers(${target} PRIVATE ${PROJECT_SOURCE_DIR}/cmake/asio_pch.hpp)
  endif()
  if(sources)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ${DIAMGW_SEVERAL_AT_ONCE})
  endif()
  # Tests of these do not run longer so, and with sanitizers they compile in 60 % of the time; those
  # of the layers that compute would take twice as long. `tsan` tests optimised where threads meet.
  set(unhurried config app)
  if(DIAMGW_SANITIZE MATCHES address)
    list(APPEND unhurried metrics diameter websocket routing transport gateway)
  endif()
  if(sources AND name IN_LIST unhurried AND DIAMGW_SANITIZE AND NOT DIAMGW_FUZZERS)
    target_compile_options(${target} PRIVATE $<$<CONFIG:Debug>:-O0>)
  endif()
endfunction()

function(add_program name)
  if(NOT EXISTS ${PROJECT_SOURCE_DIR}/src/main.cpp)
    return()
  endif()
  add_executable(${name} ${PROJECT_SOURCE_DIR}/src/main.cpp)
  target_link_libraries(${name} PRIVATE diamgw_app diamgw_allocation_hooks)
  if(NOT DIAMGW_SANITIZE)  # sanitizers have an allocator of their own
    target_link_libraries(${name} PRIVATE PkgConfig::JEMALLOC)
  endif()
endfunction()

# What the tests of several layers include, precompiled once for all of them.
function(add_test_headers name)
  add_library(diamgw_${name}_pch STATIC EXCLUDE_FROM_ALL ${PROJECT_SOURCE_DIR}/cmake/nothing.cpp)
  target_link_libraries(diamgw_${name}_pch PRIVATE ${ARGN} diamgw_test_support GTest::gmock)
  target_include_directories(diamgw_${name}_pch PRIVATE ${PROJECT_SOURCE_DIR}/src
                             ${PROJECT_SOURCE_DIR}/tests)
  target_compile_options(diamgw_${name}_pch PRIVATE $<$<CONFIG:Debug>:-O0>)
  target_precompile_headers(diamgw_${name}_pch PRIVATE ${PROJECT_SOURCE_DIR}/cmake/${name}_pch.hpp)
endfunction()

# A test's own code runs for milliseconds and takes most of a build: with sanitizers a file of it
# compiles in a fourth of the time so (7 s instead of 28 s, where it includes Asio).
function(compile_quickly target)
  target_compile_options(${target} PRIVATE $<$<CONFIG:Debug>:-O0>)
  get_target_property(linked ${target} LINK_LIBRARIES)
  if(linked MATCHES "diamgw_(gateway|app)")
    target_precompile_headers(${target} REUSE_FROM diamgw_gateway_tests_pch)
  elseif(linked MATCHES "diamgw_transport")
    target_precompile_headers(${target} REUSE_FROM diamgw_transport_tests_pch)
  else()
    target_precompile_headers(${target} REUSE_FROM diamgw_tests_pch)
  endif()
endfunction()

function(add_unit_tests layer)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/unit/${layer}/*_test.cpp)
  if(DIAMGW_SANITIZE MATCHES thread)  # it has nothing to say of a test that starts none
    foreach(source ${sources})
      file(STRINGS ${source} threads REGEX "#include (<thread>|.*/memory_gateway\\.hpp)")
      if(NOT threads)
        list(REMOVE_ITEM sources ${source})
      endif()
    endforeach()
  endif()
  if(NOT sources)
    return()
  endif()
  set(target ${layer}_test)
  add_executable(${target} ${sources})
  target_link_libraries(${target} PRIVATE diamgw_${layer} diamgw_allocation_hooks
                        diamgw_test_support GTest::gmock GTest::gtest_main)
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR}/tests)
  compile_quickly(${target})
  if(layer MATCHES "^(gateway|jsonrpc|transport|app)$")  # half of their time is what they include
    set_target_properties(${target} PROPERTIES UNITY_BUILD ${DIAMGW_SEVERAL_AT_ONCE}
                          UNITY_BUILD_BATCH_SIZE 4)
  endif()
  if(layer MATCHES "^(dictionary|codec|jsonrpc|diameter|gateway|app)$" AND TARGET diamgw_dictionary_embedded)
    target_link_libraries(${target} PRIVATE diamgw_dictionary_embedded)
  endif()
  add_test_program(${target} unit)
endfunction()

# One test of ctest a program: one process for each of a thousand tests took four times as long.
function(add_test_program target label)
  add_test(NAME ${label}.${target} COMMAND ${target} --gtest_brief=1
           WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  set_tests_properties(${label}.${target} PROPERTIES LABELS ${label} TIMEOUT 300)
endfunction()
