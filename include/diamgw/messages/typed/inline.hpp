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

// For what is called seldom from code that is quick where nothing is: it leaves registers alone.
#if defined(__clang__) && defined(__x86_64__)
#define DIAMGW_TYPED_SELDOM [[clang::preserve_most]]
#else
#define DIAMGW_TYPED_SELDOM
#endif
