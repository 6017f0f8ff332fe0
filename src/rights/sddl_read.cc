#include <algorithm>
#include <limits>

#include "rights/sddl.h"
#include "rights/sddl_words.h"

namespace mullion::rights {
namespace {

char upper(char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c & ~0x20) : c;
}

int digit_of(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    c = upper(c);
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

// Each of the functions takes what it is named for from the front, or notes the fault and says false.
class Reader {
public:
    Reader(std::string_view text, const Domains& domains, const SddlLimits& limits)
        : text_(text), domains_(domains), limits_(limits) {}

    std::variant<Descriptor, SddlFault> read() {
        if (text_.size() > limits_.bytes) {
            fail_at(limits_.bytes, "at most " + std::to_string(limits_.bytes) + " bytes");
            return fault_;
        }
        bool good = !text_.empty() || fail("O:, G:, D: or S:");
        while (good && at_ < text_.size()) good = part();
        if (!good) return fault_;
        return std::move(out_);
    }

private:
    bool part() {
        if (take("O:")) return sid_part(out_.owner, "one owner");
        if (take("G:")) return sid_part(out_.group, "one group");
        if (take("D:")) return list_part(out_.dacl, false);
        if (take("S:")) return list_part(out_.sacl, true);
        return fail("O:, G:, D: or S:");
    }

    bool sid_part(std::optional<Sid>& into, const char* once) {
        if (into) return fail_at(at_ - 2, once);
        return sid(into.emplace());
    }

    bool list_part(std::optional<Acl>& into, bool system) {
        if (into) return fail_at(at_ - 2, system ? "one S:" : "one D:");
        Acl& acl = into.emplace();
        acl_flags(acl);
        while (at_ < text_.size() && text_[at_] == '(') {
            if (acl.null) return fail("no ACEs after NO_ACCESS_CONTROL");
            if (acl.aces.size() == limits_.aces)
                return fail("at most " + std::to_string(limits_.aces) + " ACEs");
            if (!ace(acl.aces.emplace_back(), system)) return false;
        }
        // A letter here may have been meant for a flag as well.
        if (at_ == text_.size() || next_part()) return true;
        return fail(acl.aces.empty() ? "P, AR, AI, NO_ACCESS_CONTROL, an ACE or the next of O: G: D: S:"
                                     : "an ACE or the next of O: G: D: S:");
    }

    void acl_flags(Acl& acl) {
        for (;;) {
            if (take(no_access_control)) {
                acl.null = true;
            } else if (take("AR")) {
                acl.auto_inherit_required = true;
            } else if (take("AI")) {
                acl.auto_inherited = true;
            } else if (take("P")) {
                acl.is_protected = true;
            } else {
                return;
            }
        }
    }

    bool ace(Ace& ace, bool system) {
        at_ += 1;  // '('
        if (!type(ace.type, system) || !semicolon() || !flags(ace.flags) || !semicolon() ||
            !mask(ace.mask, ace.type) || !semicolon())
            return false;
        const bool object = ace.type == AceType::OA || ace.type == AceType::OD || ace.type == AceType::OU ||
                            ace.type == AceType::OL;
        if (!guid(ace.object, object) || !semicolon() || !guid(ace.inherits_object, object) || !semicolon() ||
            !sid(ace.sid))
            return false;
        return take(")") || fail("')'");
    }

    bool type(AceType& type, bool system) {
        const auto size = std::min(text_.find(';', at_), text_.size()) - at_;
        const auto is = [&](std::string_view word) { return word.size() == size && sees(word); };
        for (const auto& refused : refused_types) {
            if (is(refused.word))
                return fail("an ACE of another type (" + std::string(refused.value) + " is not supported)");
        }
        const char* types = system ? "AU, AL, OU, OL or ML" : "A, D, OA or OD";
        for (const auto& known : ace_types) {
            if (!is(known.word)) continue;
            if ((known.value >= AceType::AU) != system) break;
            type = known.value;
            at_ += size;
            return true;
        }
        return fail(types);
    }

    bool flags(std::uint8_t& flags) {
        while (!sees(";")) {
            if (!word(ace_flags, flags)) return fail("OI, CI, NP, IO, ID, SA, FA or ';'");
        }
        return true;
    }

    bool mask(AccessMask& mask, AceType type) {
        if (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') return number(mask);
        const bool label = type == AceType::ML;
        while (!sees(";")) {
            if (label ? word(label_rights, mask) : word(bit_rights, mask) || word(whole_rights, mask))
                continue;
            return fail(label ? "NW, NR, NX, a number or ';'" : "the letters of a right, a number or ';'");
        }
        return true;
    }

    // "0x" and hex digits, "0" and octal ones, or decimal.
    bool number(AccessMask& mask) {
        const std::size_t start = at_;
        const bool hex = take("0x");
        const int base = hex ? 16 : text_[at_] == '0' ? 8 : 10;
        std::uint64_t value = 0;
        const std::size_t first = at_;
        for (; at_ < text_.size(); ++at_) {
            const int digit = digit_of(text_[at_]);
            if (digit < 0 || digit >= base) break;
            value = value * static_cast<unsigned>(base) + static_cast<unsigned>(digit);
            if (value > std::numeric_limits<AccessMask>::max()) return fail_at(start, "a number of 32 bits");
        }
        if (at_ == first) return fail("a hexadecimal digit");
        mask = static_cast<AccessMask>(value);
        return true;
    }

    bool guid(std::string& guid, bool object) {
        constexpr std::string_view form = "00000000-0000-0000-0000-000000000000";
        if (sees(";")) return true;
        if (!object) return fail("';' (only an object ACE has a GUID)");
        for (const char wanted : form) {
            const char c = at_ < text_.size() ? text_[at_] : '\0';
            if (wanted == '-' ? c != '-' : digit_of(c) < 0) return fail("a GUID or ';'");
            guid += c >= 'A' && c <= 'F' ? static_cast<char>(c | 0x20) : c;
            at_ += 1;
        }
        return true;
    }

    bool sid(Sid& sid) {
        if (sees("S-")) {
            const auto front = parse_sid_front(text_.substr(at_));
            if (!front) return fail("a SID (S-1-5-32-544)");
            sid = front->sid;
            at_ += front->size;
            return true;
        }
        const auto* known = find_alias(text_.substr(at_, 2));
        if (!known) return fail("a SID (S-1-5-32-544) or the two letters of an alias (BA)");
        const auto found = known->sid(domains_);
        if (!found)
            return fail("a SID in place of " + std::string(known->name) + ", whose domain is not known");
        sid = *found;
        at_ += known->letters.size();
        return true;
    }

    bool semicolon() { return take(";") || fail("';'"); }

    bool next_part() const { return sees("O:") || sees("G:") || sees("D:") || sees("S:"); }

    bool sees(std::string_view word) const {
        const auto here = text_.substr(at_, word.size());
        return std::equal(here.begin(), here.end(), word.begin(), word.end(),
                          [](char a, char b) { return upper(a) == upper(b); });
    }

    bool take(std::string_view word) {
        if (!sees(word)) return false;
        at_ += word.size();
        return true;
    }

    template <class Value, std::size_t size>
    bool word(const std::array<SddlWord<Value>, size>& words, Value& into) {
        for (const auto& known : words) {
            if (!take(known.word)) continue;
            into = static_cast<Value>(into | known.value);
            return true;
        }
        return false;
    }

    bool fail(std::string expected) { return fail_at(at_, std::move(expected)); }

    bool fail_at(std::size_t place, std::string expected) {
        constexpr std::size_t shown = 12;
        fault_ = {place, std::move(expected), {}};
        for (const char c : text_.substr(place, shown)) fault_.found += c >= ' ' && c <= '~' ? c : '?';
        return false;
    }

    std::string_view text_;
    const Domains& domains_;
    const SddlLimits& limits_;
    std::size_t at_ = 0;
    Descriptor out_;
    SddlFault fault_;
};

}  // namespace

std::string SddlFault::text() const {
    return "character " + std::to_string(place + 1) + ": expected " + expected + ", found " +
           (found.empty() ? "the end" : '"' + found + '"');
}

std::variant<Descriptor, SddlFault> parse_sddl(std::string_view text, const Domains& domains,
                                               const SddlLimits& limits) {
    return Reader(text, domains, limits).read();
}

}  // namespace mullion::rights
