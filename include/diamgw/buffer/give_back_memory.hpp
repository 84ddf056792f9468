// What the process has freed, back to the system.
#pragma once

namespace diamgw {

/// The global allocator keeps what was freed between things that live on, however much it is: this
/// gives its whole pages back.
/// cost: milliseconds for each ten megabytes, in which other threads may wait where they allocate.
///       For moments after which much is not needed any more. Any thread.
void give_back_memory() noexcept;

}  // namespace diamgw
