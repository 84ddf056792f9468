// How the codec scales: with the AVPs of a message, with threads, and with messages in a buffer.
#pragma once
#include "codec/measure.hpp"

namespace diamgw::bench {

/// Decoding a CCR of 10 to 10,000 AVPs; the cost per AVP must not grow.
void add_avp_count_rows(table& t);
/// Encoding the same message on two threads at once.
void add_parallel_row(table& t);
/// 64 messages into one buffer of the pool, and into one buffer each.
void add_batch_row(table& t);

}  // namespace diamgw::bench
