# Counts calls of the global allocator; linked into executables, see allocation_statistics.hpp.
add_library(diamgw_allocation_hooks OBJECT
            ${PROJECT_SOURCE_DIR}/src/buffer/hooks/allocation_hooks.cpp)
target_link_libraries(diamgw_allocation_hooks PUBLIC diamgw_buffer)
target_compile_options(diamgw_allocation_hooks PRIVATE -Wno-reserved-identifier)
if(NOT DIAMGW_SANITIZE)
  target_link_options(diamgw_allocation_hooks INTERFACE
    LINKER:--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=aligned_alloc)
endif()
