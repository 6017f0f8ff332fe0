// A krb5_context, and owners of what is made with it. Private to this room; one thread at a time.
#pragma once

#include <string_view>
#include <utility>

#include "kerberos/configuration.h"
#include "kerberos/library.h"

namespace mullion::kerberos {

class Context {
public:
    // Reads krb5.conf: may block. Errors: kerberos.library, kerberos.failed
    [[nodiscard]] static Result<Context> make(const Configuration& configuration);
    Context(Context&& other) noexcept : context_(std::exchange(other.context_, nullptr)) {}
    Context& operator=(Context&& other) noexcept {
        std::swap(context_, other.context_);
        return *this;
    }
    ~Context() {
        if (context_ != nullptr) loaded_library().krb5_free_context(context_);
    }

    [[nodiscard]] krb5_context get() const { return context_; }
    const Library* operator->() const { return &loaded_library(); }
    // "DOING: the library's words".
    [[nodiscard]] Error error(ErrorId id, std::string_view doing, krb5_error_code code) const;

private:
    explicit Context(krb5_context context) : context_(context) {}
    krb5_context context_;
};

// Something that the library allocated, with the member of its table that gives it back. The context must
// live on.
template <class T, auto Free>
class Owned {
public:
    explicit Owned(krb5_context context) : context_(context) {}
    Owned(Owned&& other) noexcept : context_(other.context_), value_(std::exchange(other.value_, T{})) {}
    Owned& operator=(Owned&& other) noexcept {
        std::swap(context_, other.context_);
        std::swap(value_, other.value_);
        return *this;
    }
    ~Owned() {
        if (value_ != T{}) (void)(loaded_library().*Free)(context_, value_);
    }
    [[nodiscard]] T get() const { return value_; }
    [[nodiscard]] T* put() { return &value_; }
    [[nodiscard]] T release() { return std::exchange(value_, T{}); }

private:
    krb5_context context_;
    T value_{};
};

using Principal = Owned<krb5_principal, &Library::krb5_free_principal>;
using UnparsedName = Owned<char*, &Library::krb5_free_unparsed_name>;
using Keytab = Owned<krb5_keytab, &Library::krb5_kt_close>;
using DefaultRealm = Owned<char*, &Library::krb5_free_default_realm>;

// Freed with its contents: the structure itself is ours.
class Credentials {
public:
    explicit Credentials(krb5_context context) : context_(context) {}
    Credentials(const Credentials&) = delete;
    Credentials& operator=(const Credentials&) = delete;
    ~Credentials() { loaded_library().krb5_free_cred_contents(context_, &value); }
    krb5_creds value{};

private:
    krb5_context context_;
};

// "alice@EXAMPLE.TEST". Errors: kerberos.failed
[[nodiscard]] Result<std::string> text_of(const Context& context, krb5_const_principal principal);
[[nodiscard]] inline std::string text_of(const krb5_data& data) {
    return {data.data, data.length};
}

}  // namespace mullion::kerberos
