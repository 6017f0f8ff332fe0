// OpenSSL derives the keys of PKCS#12 from a copy of the password (in UTF-16) that it only frees, and so it
// does with what TLS has received. It asks its process for memory by functions that can be ours: then what it
// gives back can be wiped.
#pragma once

namespace mullion::crypto {

// For main(), before anything of OpenSSL is used; a library must not decide that for its program. False: it
// was too late, and nothing is wiped.
bool take_openssl_memory() noexcept;

// While it lives, this thread's OpenSSL wipes what it frees. One at a time on a thread.
class WipesFreed {
public:
    WipesFreed() noexcept;
    WipesFreed(const WipesFreed&) = delete;
    WipesFreed& operator=(const WipesFreed&) = delete;
    ~WipesFreed();
};

}  // namespace mullion::crypto
