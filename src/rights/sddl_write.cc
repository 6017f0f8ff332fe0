#include "rights/sddl.h"
#include "rights/sddl_words.h"

namespace mullion::rights {
namespace {

// The words of the bits, or nothing when some bit has none.
template <class Value, std::size_t size>
std::optional<std::string> bit_words(const std::array<SddlWord<Value>, size>& words, Value bits) {
    std::string out;
    for (const auto& known : words) {
        if ((bits & known.value) == 0) continue;
        out += known.word;
        bits = static_cast<Value>(bits & ~known.value);
    }
    if (bits != 0) return std::nullopt;
    return out;
}

std::string hex(AccessMask mask) {
    std::string out;
    for (; mask != 0; mask >>= 4) out.insert(out.begin(), "0123456789abcdef"[mask & 0xf]);
    return "0x" + out;
}

std::string write_ace(const Ace& ace, const Domains& domains) {
    std::string out = "(";
    for (const auto& known : ace_types) {
        if (known.value == ace.type) out += known.word;
    }
    // Flags without a word cannot be read, nor be set by name.
    out += ";" + bit_words(ace_flags, ace.flags).value_or("") + ";" + write_mask(ace.mask, ace.type);
    return out + ";" + ace.object + ";" + ace.inherits_object + ";" + write_trustee(ace.sid, domains) + ")";
}

std::string write_acl(const Acl& acl, const Domains& domains) {
    std::string out;
    if (acl.is_protected) out += "P";
    if (acl.auto_inherit_required) out += "AR";
    if (acl.auto_inherited) out += "AI";
    if (acl.null) return out += no_access_control;
    for (const auto& ace : acl.aces) out += write_ace(ace, domains);
    return out;
}

}  // namespace

std::string write_trustee(const Sid& sid, const Domains& domains) {
    const auto* known = find_well_known(sid, domains);
    return known && !known->letters.empty() ? std::string(known->letters) : sid.text();
}

std::string write_mask(AccessMask mask, AceType type) {
    if (type == AceType::ML) return bit_words(label_rights, mask).value_or(hex(mask));
    for (const auto& whole : whole_rights) {
        if (whole.value == mask) return std::string(whole.word);
    }
    return bit_words(bit_rights, mask).value_or(hex(mask));
}

std::string write_sddl(const Descriptor& descriptor, const Domains& domains) {
    std::string out;
    if (descriptor.owner) out += "O:" + write_trustee(*descriptor.owner, domains);
    if (descriptor.group) out += "G:" + write_trustee(*descriptor.group, domains);
    if (descriptor.dacl) out += "D:" + write_acl(*descriptor.dacl, domains);
    if (descriptor.sacl) out += "S:" + write_acl(*descriptor.sacl, domains);
    return out;
}

}  // namespace mullion::rights
