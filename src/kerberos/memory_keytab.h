// A keytab that is in no file: the library's own MEMORY: type, filled from bytes.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/result.h"
#include "core/secret.h"

namespace mullion::kerberos {

// There for all of the process under its name, for as long as this object lives. The library overwrites the
// keys when it goes.
class MemoryKeytab {
public:
    // `label` is for messages ("account.krb_keytab"): the name is "MEMORY:LABEL:NUMBER". Errors:
    // kerberos.keytab (the bytes are none), kerberos.library
    [[nodiscard]] static Result<std::unique_ptr<MemoryKeytab>> make(const Secret& bytes,
                                                                    std::string_view label);
    ~MemoryKeytab();
    MemoryKeytab(const MemoryKeytab&) = delete;
    MemoryKeytab& operator=(const MemoryKeytab&) = delete;

    // As a keytab's name is given to the library, and to with_keytab().
    [[nodiscard]] const std::string& name() const { return name_; }

private:
    struct Held;
    MemoryKeytab(std::string name, std::unique_ptr<Held> held);
    std::string name_;
    std::unique_ptr<Held> held_;
};

}  // namespace mullion::kerberos
