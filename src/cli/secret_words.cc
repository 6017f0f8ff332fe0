#include "cli/secret_words.h"

#include <fmt/format.h>

#include "secrets/entities/references.h"

namespace mullion::cli {
namespace {

using secrets::FieldOf;

constexpr unsigned bit(FieldOf kind) {
    return static_cast<unsigned>(kind);
}

}  // namespace

bool Noun::has(const secrets::Spec& spec) const {
    return (kinds & (1U << spec.index())) != 0;  // FieldOf is in the order of Spec.
}

const Noun& secret_noun() {
    static const Noun noun{"secret", secrets::Space::secret, bit(FieldOf::text) | bit(FieldOf::file)};
    return noun;
}
const Noun& credential_noun() {
    static const Noun noun{"credential", secrets::Space::secret, bit(FieldOf::credential)};
    return noun;
}
const Noun& connector_noun() {
    static const Noun noun{"connector", secrets::Space::connector, bit(FieldOf::aws_kms) | bit(FieldOf::pdc)};
    return noun;
}

std::vector<secrets::SetField> NounWords::fields() const {
    std::vector<secrets::SetField> all;
    const auto options = secrets::field_options();
    for (std::size_t at = 0; at < values.size(); ++at)
        if (!values[at].empty()) all.push_back({&options[at], values[at]});
    return all;
}

Result<secrets::Identity> NounWords::identity() const {
    MULLION_ASSIGN(const auto from, secrets::parse_scope(scope));
    MULLION_ASSIGN(const auto named, secrets::parse_reference(reference));
    return secrets::resolve(named, from, noun->space);
}

void declare_fields(CLI::App& command, NounWords& words) {
    const auto options = secrets::field_options();
    words.values.resize(options.size());
    for (std::size_t at = 0; at < options.size(); ++at) {
        const auto& option = options[at];
        if ((option.of & words.noun->kinds) == 0) continue;
        auto* const added =
            command.add_option(std::string(option.flag), words.values[at], std::string(option.help));
        added->type_name(std::string(option.type));
        // One value for each time it is said, so that a name after it is not taken for another.
        if (!option.repeatable) added->expected(1);
        added->allow_extra_args(false);
    }
}

}  // namespace mullion::cli
