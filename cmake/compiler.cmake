# The compiler, its warnings and the sanitizers.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)

if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  message(FATAL_ERROR
    "g++ ${CMAKE_CXX_COMPILER_VERSION} frees temporaries twice in expressions that contain "
    "co_await. Use clang 19 (the presets do) or g++ 13 and newer.")
endif()

find_program(DIAMGW_CCACHE ccache)
if(DIAMGW_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${DIAMGW_CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${DIAMGW_CCACHE})
endif()

add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion
                    -Wnon-virtual-dtor -Woverloaded-virtual -Wold-style-cast)
option(DIAMGW_WERROR "Warnings are errors" ON)
if(DIAMGW_WERROR)
  add_compile_options(-Werror)
endif()
if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  add_link_options(-fuse-ld=lld)
endif()

# "address,undefined", "thread" or nothing.
set(DIAMGW_SANITIZE "" CACHE STRING "Sanitizers, as -fsanitize= takes them")
if(DIAMGW_SANITIZE)
  add_compile_options(-fsanitize=${DIAMGW_SANITIZE} -fno-omit-frame-pointer
                      -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${DIAMGW_SANITIZE})
endif()
# The layers themselves must be instrumented: libFuzzer is blind to what is not.
option(DIAMGW_FUZZERS "Build libFuzzer targets instead of corpus replayers" OFF)
if(DIAMGW_FUZZERS)
  add_compile_options(-fsanitize=fuzzer-no-link)
  add_link_options(-fsanitize=fuzzer-no-link)
endif()
option(DIAMGW_COVERAGE "Source-based coverage" OFF)
if(DIAMGW_COVERAGE)
  add_compile_options(-fprofile-instr-generate -fcoverage-mapping)
  add_link_options(-fprofile-instr-generate -fcoverage-mapping)
endif()

# Asio, as every layer that does I/O sees it.
add_library(ASIO INTERFACE)
target_link_libraries(ASIO INTERFACE Boost::headers)
target_compile_definitions(ASIO INTERFACE
  BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_DISABLE_BOOST_COROUTINE
  BOOST_ASIO_RECYCLING_ALLOCATOR_CACHE_SIZE=8)
if(DIAMGW_SANITIZE MATCHES "undefined")
  # The check of virtual calls opens a pipe to look at memory, so it reports sound objects where a
  # test has let the descriptors run out.
  target_compile_options(ASIO INTERFACE -fno-sanitize=vptr)
endif()
