#include "secrets/entities/references.h"

#include <fmt/format.h>

namespace mullion::secrets {
namespace {

using Wants = Use::Wants;

// Harness's own form has the fields at these places (secrets.md 1.3); keytab and a Pdc's credential are ours.
class Uses {
public:
    std::vector<Use> all;

    void operator()(const TextSecret& secret) { manager(secret.manager); }
    void operator()(const FileSecret& secret) { manager(secret.manager); }
    void operator()(const WinRmCredential& credential) { std::visit(*this, credential.log_on); }
    void operator()(const NtlmLogOn& log_on) {
        add("spec.auth.spec.password", log_on.password, Wants::value);
    }
    void operator()(const KerberosLogOn& log_on) { std::visit(*this, log_on.ticket); }
    void operator()(const TicketOfTheMachine&) {}
    void operator()(const KeytabFile&) {}
    void operator()(const KeytabSecret& keytab) {
        add("spec.auth.spec.spec.keytab", keytab.file, Wants::file);
    }
    void operator()(const TicketByPassword& ticket) {
        add("spec.auth.spec.spec.password", ticket.password, Wants::value);
    }
    void operator()(const AwsKmsConnector& connector) {
        std::visit(*this, connector.credential);
        if (const auto* const arn = std::get_if<Reference>(&connector.key_arn))
            add("spec.kmsArn", *arn, Wants::value);
    }
    void operator()(const AwsKeys& keys) {
        add("spec.credential.spec.accessKey", keys.access_key, Wants::value);
        add("spec.credential.spec.secretKey", keys.secret_key, Wants::value);
    }
    void operator()(const AwsRoleOfTheMachine&) {}
    void operator()(const AwsAssumedRole&) {}
    void operator()(const AwsOidc&) {}
    void operator()(const PdcConnector& connector) {
        if (connector.credential) add("spec.credential", *connector.credential, Wants::credential);
    }

private:
    void add(const char* field, const Reference& reference, Wants wants) {
        if (!reference.id.empty()) all.push_back({field, reference, wants});
    }
    void manager(const Reference& reference) {
        if (!is_builtin(reference)) add("spec.secretManagerIdentifier", reference, Wants::manager);
    }
};

std::string_view wanted(Wants wants) {
    switch (wants) {
        case Wants::value:
            return "a text or file secret";
        case Wants::file:
            return "a file secret";
        case Wants::manager:
            return "a secret manager (a connector of type AwsKms)";
        case Wants::credential:
            break;
    }
    return "a WinRM credential";
}

}  // namespace

std::vector<Use> references_of(const Entity& entity) {
    Uses uses;
    std::visit(uses, entity.spec);
    return std::move(uses.all);
}

std::string_view kind_of(const Spec& spec) {
    constexpr std::string_view names[] = {"SecretText", "SecretFile", "WinRmCredentials", "AwsKms", "Pdc"};
    static_assert(std::size(names) == std::variant_size_v<Spec>);
    return names[spec.index()];
}

Space space_of(const Spec& spec) {
    const bool connector =
        std::holds_alternative<AwsKmsConnector>(spec) || std::holds_alternative<PdcConnector>(spec);
    return connector ? Space::connector : Space::secret;
}

Space space_of(Use::Wants wants) {
    return wants == Wants::manager ? Space::connector : Space::secret;
}

bool is_builtin(const Reference& manager) {
    return manager.id == builtin_manager_id;
}

bool is_default_manager(const Entity& entity) {
    const auto* const manager = std::get_if<AwsKmsConnector>(&entity.spec);
    return manager != nullptr && manager->is_default;
}

bool may_be(Use::Wants wants, const Spec& spec) {
    switch (wants) {
        case Wants::value:
            return std::holds_alternative<TextSecret>(spec) || std::holds_alternative<FileSecret>(spec);
        case Wants::file:
            return std::holds_alternative<FileSecret>(spec);
        case Wants::manager:
            return std::holds_alternative<AwsKmsConnector>(spec);
        case Wants::credential:
            break;
    }
    return std::holds_alternative<WinRmCredential>(spec);
}

Result<void> check_kind(const Identity& from, const Use& use, const Spec& found) {
    if (may_be(use.wants, found)) return {};
    return Error(ErrorId::secrets_kind,
                 fmt::format("{} of {}: {} is of kind {}; {} is wanted", use.field, in_words(from),
                             reference_text(use.reference), kind_of(found), wanted(use.wants)));
}

std::string reference_from(const Scope& from, const Identity& what) {
    if (what.scope == Scope()) return "account." + what.id;
    return what.scope == from ? what.id : "org." + what.id;
}

std::string in_words(const Identity& identity) {
    return fmt::format("{} {} of {}", identity.space == Space::secret ? "secret" : "connector", identity.id,
                       scope_text(identity.scope));
}

}  // namespace mullion::secrets
