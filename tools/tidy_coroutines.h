// For clang-tidy 14 only: it knows coroutines under their names before C++20's were final, g++ 12's library has the
// final ones. Force-included by tools/lint; nothing includes it otherwise.
#pragma once
#include <coroutine>
namespace std::experimental {
using std::coroutine_handle;
using std::coroutine_traits;
}  // namespace std::experimental
