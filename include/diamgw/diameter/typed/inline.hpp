// Generated code is quick where the pieces below are inline, and its keys constants in them. A
// sanitized build has no use for that, and would take minutes to instrument it.
#pragma once

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define DIAMGW_TYPED_INLINE gnu::noinline
#endif
#endif
#ifndef DIAMGW_TYPED_INLINE
#define DIAMGW_TYPED_INLINE gnu::always_inline
#endif
