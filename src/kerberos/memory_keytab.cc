#include "kerberos/memory_keytab.h"

#include <fmt/core.h>

#include <atomic>

#include "kerberos/context.h"
#include "kerberos/keytab_bytes.h"

namespace mullion::kerberos {
namespace {

std::atomic<unsigned> made{0};

// Names the entry's principal with data of the entry's own.
class Name {
public:
    explicit Name(KeytabEntry& entry) {
        for (auto& component : entry.components) parts_.push_back(data_of(component));
        principal_.magic = KV5M_PRINCIPAL;
        principal_.realm = data_of(entry.realm);
        principal_.data = parts_.data();
        principal_.length = static_cast<krb5_int32>(parts_.size());
        principal_.type = static_cast<krb5_int32>(entry.name_type);
    }
    Name(const Name&) = delete;
    Name& operator=(const Name&) = delete;
    [[nodiscard]] krb5_principal get() { return &principal_; }

private:
    static krb5_data data_of(std::string& text) {
        return {KV5M_DATA, static_cast<unsigned>(text.size()), text.data()};
    }
    std::vector<krb5_data> parts_;
    krb5_principal_data principal_{};
};

}  // namespace

struct MemoryKeytab::Held {
    explicit Held(Context made_context) : context(std::move(made_context)), keytab(context.get()) {}
    Context context;
    Keytab keytab;  // After the context, which it is closed with.

    [[nodiscard]] krb5_error_code add(KeytabEntry& entry) {
        Name name(entry);
        // The library copies it, and takes a pointer that it does not write through.
        const auto key = entry.key.expose();
        krb5_keytab_entry added{};
        added.magic = KV5M_KEYTAB_ENTRY;
        added.principal = name.get();
        added.timestamp = static_cast<krb5_timestamp>(entry.timestamp);
        added.vno = entry.version;
        added.key.magic = KV5M_KEYBLOCK;
        added.key.enctype = entry.encryption;
        added.key.length = static_cast<unsigned>(key.size());
        added.key.contents = reinterpret_cast<krb5_octet*>(
            const_cast<char*>(key.data()));  // NOLINT(cppcoreguidelines-pro-type-const-cast)
        return context->krb5_kt_add_entry(context.get(), keytab.get(), &added);
    }
};

MemoryKeytab::MemoryKeytab(std::string name, std::unique_ptr<Held> held)
    : name_(std::move(name)), held_(std::move(held)) {}
MemoryKeytab::~MemoryKeytab() = default;

Result<std::unique_ptr<MemoryKeytab>> MemoryKeytab::make(const Secret& bytes, std::string_view label) {
    MULLION_ASSIGN(auto entries, parse_keytab(bytes));
    MULLION_ASSIGN(auto context, Context::make({}));
    auto held = std::make_unique<Held>(std::move(context));
    auto name = fmt::format("MEMORY:{}:{}", label, ++made);
    auto code = held->context->krb5_kt_resolve(held->context.get(), name.c_str(), held->keytab.put());
    for (auto entry = entries.begin(); code == 0 && entry != entries.end(); ++entry) code = held->add(*entry);
    if (code != 0) return held->context.error(ErrorId::kerberos_keytab, name, code);
    return std::unique_ptr<MemoryKeytab>(new MemoryKeytab(std::move(name), std::move(held)));
}

}  // namespace mullion::kerberos
