#include "inventory/host_plan.h"

#include <fmt/core.h>

#include <algorithm>

#include "inventory/evaluate.h"
#include "inventory/host_notices.h"
#include "inventory/option_value.h"
#include "target/credential_rows.h"
#include "target/host_name.h"

namespace mullion::inventory {
namespace {

using target::OptionRow;
using target::VariableName;

// A variable that is set, under one of its names.
struct Set {
    VariableName name;
    const Value* raw = nullptr;
    Resolved resolved;
};

// secrets/use/expression.h says which of these are expressions.
constexpr std::string_view expression_begins = "<+";

bool is_null(const Value& value) {
    return std::holds_alternative<std::monostate>(value.data);
}

bool is_http(const target::Target& target) {
    return target.scheme == target::Scheme::http ||
           (target.scheme == target::Scheme::automatic && target.port == 5985);
}

// Nobody needs the row: it is of a transport that is not in use.
bool is_needless(const OptionRow& row, const target::Target& target) {
    if (row.only_with.empty() || row.only_with == "https" || row.only_with == "http") return false;
    const auto& list = target.transports;
    if (row.only_with == "credssp") return std::find(list.begin(), list.end(), "credssp") == list.end();
    if (row.only_with != "kerberos") return true;
    // Without a list it may come to kerberos, or to negotiate, which leads there.
    return !list.empty() && std::none_of(list.begin(), list.end(), [](const std::string& name) {
        return name == "kerberos" || name == "negotiate";
    });
}

// "ansible.builtin.winrm" is winrm.
std::string_view short_name(std::string_view plugin) {
    for (const std::string_view prefix : {"ansible.builtin.", "ansible.legacy."})
        if (plugin.starts_with(prefix)) plugin.remove_prefix(prefix.size());
    return plugin;
}

}  // namespace

struct Planner::State {
    const Inventory& inventory;
    target::GivenOptions given;
    bool wants_password;
    HostNotices notices;
    // What the inventory has at all: most rows are in no inventory, and hosts are many.
    std::vector<std::pair<const OptionRow*, std::vector<VariableName>>> rows;
    std::vector<VariableName> password, connection, credential;
    std::string always;  // The credential of every host.
    FillCredential fill;
    std::vector<std::string_view> become;

    State(const Inventory& from, target::GivenOptions flags, std::function<void(std::string)> notify,
          bool passwords)
        : inventory(from),
          given(std::move(flags)),
          wants_password(passwords),
          notices(from, std::move(notify)) {
        for (const auto& row : target::option_table()) {
            const bool flag_given = std::any_of(given.flags.begin(), given.flags.end(),
                                                [&](const auto& flag) { return flag.first == &row; });
            auto names = those_present(names_of(row));
            if (!names.empty() && !flag_given) rows.emplace_back(&row, std::move(names));
        }
        password = those_present(names_of(target::password_variable()));
        connection = those_present(names_of(target::connection_variable()));
        credential = those_present(names_of(target::credential_variable()));
        for (const auto name : inventory.model().names())
            if (name.starts_with("ansible_become")) become.push_back(name);
        std::sort(become.begin(), become.end());
    }

    [[nodiscard]] std::vector<VariableName> those_present(std::vector<VariableName> names) const {
        std::erase_if(names, [&](auto& name) { return inventory.model().known_name(name.name).empty(); });
        return names;
    }

    [[nodiscard]] Error wrong(const Set& set, ErrorId id, std::string_view why) const {
        return {id, fmt::format("{}: {}: {}", inventory.model().text_of(set.raw->place), set.name.name, why)};
    }

    // The variable of the highest precedence that is not null; no name of it where there is none.
    Result<Set> winner(HostIndex host, const std::vector<VariableName>& names) {
        for (auto name = names.rbegin(); name != names.rend(); ++name) {
            const auto* const raw = inventory.find(host, name->name);
            if (raw == nullptr || is_null(*raw)) continue;
            auto resolved = resolve(inventory, host, *raw);
            if (!resolved.ok()) {
                auto error = std::move(resolved).error();
                error.detail += fmt::format(" (for {})", name->name);
                return error;
            }
            if (!is_null(resolved->value)) return Set{*name, raw, std::move(resolved).value()};
        }
        return Set{};
    }

    // Why the host is none of ours; empty where it is.
    Result<std::string> reason_to_skip(HostIndex host, std::vector<Origin>* origins) {
        MULLION_ASSIGN(auto set, winner(host, connection));
        if (set.raw == nullptr) return std::string();
        MULLION_ASSIGN(const auto text, option_text(inventory, set.resolved, "NAME"));
        if (origins != nullptr) origins->push_back({set.name.name, nullptr, set.raw->place});
        if (text.empty() || short_name(text) == "winrm") return std::string();
        return fmt::format("ansible_connection is {} ({})", text, inventory.model().text_of(set.raw->place));
    }

    // A host that is to become somebody else must not run as who logged on.
    Result<void> check_become(HostIndex host) {
        const Value* first = nullptr;
        std::string_view first_name;
        for (const auto name : become) {
            const auto* const raw = inventory.find(host, name);
            if (raw == nullptr || is_null(*raw)) continue;
            if (name != "ansible_become") {
                const auto* const text = std::get_if<std::string>(&raw->data);
                const bool nothing = text != nullptr && text->empty();
                if (first == nullptr && !nothing) first = raw, first_name = name;
                continue;
            }
            MULLION_ASSIGN(const auto resolved, resolve(inventory, host, *raw));
            const auto decided = option_bool(inventory, resolved);
            if (decided.ok() && !*decided) return {};  // "ansible_become" sorts first, and settles it.
            first = raw, first_name = name;
        }
        if (first == nullptr) return {};
        return Error{ErrorId::inventory_become,
                     fmt::format("{}: {}", inventory.model().text_of(first->place), first_name)};
    }

    // The one that the host is logged on to with; empty: none.
    Result<std::string> credential_of(HostIndex host, std::vector<Origin>* origins) {
        if (!always.empty()) return always;
        MULLION_ASSIGN(auto set, winner(host, credential));
        if (set.raw == nullptr) return std::string();
        auto text = option_text(inventory, set.resolved, "REF");
        if (!text.ok()) return wrong(set, text.error().id, text.error().detail);
        if (origins != nullptr && !text->empty())
            origins->push_back({set.name.name, nullptr, set.raw->place});
        return text;
    }

    // What is said of the host beside a credential: nothing that the credential decides.
    Result<void> fill_in(const std::string& name, target::Target& target) {
        if (name.empty() || !fill) return {};
        MULLION_TRY(target::check_beside_credential(name, given, !wants_password));
        return fill(name, target);
    }

    // An endpoint has a scheme in it.
    static Result<void> check_scheme(const std::string& name, target::Scheme filled,
                                     const target::Target& target) {
        if (filled == target::Scheme::automatic || filled == target.scheme) return {};
        return Error{ErrorId::usage_invalid,
                     fmt::format("the endpoint is {}, and the credential {} is for {}",
                                 target.scheme == target::Scheme::http ? "http" : "https", name,
                                 filled == target::Scheme::http ? "http" : "https")};
    }

    References references(HostIndex host) {
        References found;
        if (always.empty() && credential.empty() && password.empty()) return found;
        const auto skipped = reason_to_skip(host, nullptr);
        if (!skipped.ok() || !skipped->empty()) return found;
        auto named = credential_of(host, nullptr);
        if (!named.ok() || !wants_password) return found;
        if (!named->empty()) {
            if (target::check_beside_credential(*named, given, false).ok())
                found.credential = std::move(*named);
            return found;
        }
        const auto set = winner(host, password);
        if (!set.ok() || set->raw == nullptr) return found;
        const auto* const text = std::get_if<std::string>(&set->resolved.value.data);
        if (text != nullptr && text->find(expression_begins) != std::string::npos) found.password = *text;
        return found;
    }

    Result<void> apply(HostIndex host, target::Target& target, std::vector<Origin>* origins,
                       bool by_credential) {
        std::optional<target::Target> probe;  // With the flags, which win.
        const auto settled = [&]() -> Result<const target::Target*> {
            if (!probe) {
                probe = target;
                MULLION_TRY(given.apply_to(*probe));
            }
            return &*probe;
        };
        for (const auto& [row, names] : rows) {
            if (by_credential && target::is_of_credential(*row)) continue;
            if (row->only_with == "https" && row->variable.starts_with("ansible_")) {
                // Ansible leaves these out over http, and inventories rely on it. Ours mean protection, and
                // are refused there.
                MULLION_ASSIGN(const auto* const known, settled());
                if (is_http(*known)) continue;
            }
            auto set = winner(host, names);
            // What is wrong with it is nobody's concern then.
            const auto needless = [&, &option = *row]() -> bool {
                const auto known = settled();
                return known.ok() && is_needless(option, **known);
            };
            if (!set.ok() && needless()) continue;
            if (!set.ok()) return std::move(set).error();
            if (set->raw == nullptr) continue;
            if (std::holds_alternative<Vaulted>(set->resolved.value.data) && needless()) continue;
            MULLION_TRY(apply_one(*row, *set, target, origins));
        }
        return {};
    }

    Result<void> apply_one(const OptionRow& row, const Set& set, target::Target& target,
                           std::vector<Origin>* origins) {
        const bool closed = std::holds_alternative<Vaulted>(set.resolved.value.data);
        auto text = option_text(inventory, set.resolved, row.type);
        if (!text.ok()) return wrong(set, text.error().id, text.error().detail);
        if (!closed && text->find("<+secrets.") != std::string::npos)
            return wrong(set, ErrorId::inventory_variable,
                         "an expression of a secret is taken by ansible_password alone; mullion_credential "
                         "names a whole credential");
        auto done = row.set(target, *text);
        if (!done.ok()) {
            const bool secret = closed || set.resolved.secret;
            const auto id =
                done.error().id == ErrorId::usage_unsupported ? done.error().id : ErrorId::inventory_variable;
            return wrong(set, id,
                         secret ? fmt::format("its vaulted value is not of the form {}", row.type)
                                : done.error().detail);
        }
        if (set.name.rank == VariableName::Rank::deprecated)
            notices.deprecated(set.name.name, row.variable, set.raw->place);
        if (origins != nullptr) origins->push_back({set.name.name, &row, set.raw->place});
        return {};
    }

    Result<std::optional<Secret>> password_of(HostIndex host, std::vector<Origin>* origins) {
        if (!wants_password) return std::optional<Secret>();
        MULLION_ASSIGN(auto set, winner(host, password));
        if (set.raw == nullptr) return std::optional<Secret>();
        auto secret = option_secret(inventory, std::move(set.resolved));
        if (!secret.ok()) return wrong(set, secret.error().id, secret.error().detail);
        if (secret->empty()) return std::optional<Secret>();
        if (set.name.rank == VariableName::Rank::deprecated)
            notices.deprecated(set.name.name, target::password_variable().name, set.raw->place);
        if (origins != nullptr) origins->push_back({set.name.name, nullptr, set.raw->place});
        return std::optional<Secret>(std::move(secret).value());
    }

    // Where no variable says it, the inventory's name is the address.
    Result<void> address_by_name(const std::string& name, target::Target& target) const {
        if (!target.host.empty()) return {};
        const auto parsed = target::parse_host_port(name);
        if (!parsed)
            return Error{
                ErrorId::usage_target,
                fmt::format("the inventory's name '{}' is no host name and no address; ansible_host can say "
                            "which one is meant",
                            name)};
        target.host = parsed->host;
        if (target.port == 0 && parsed->port) target.port = *parsed->port;
        return {};
    }

    Result<Plan> plan(HostIndex host, std::vector<Origin>* origins) {
        notices.look_for_unknown(host);
        MULLION_ASSIGN(auto reason, reason_to_skip(host, origins));
        if (!reason.empty()) return Plan(Skip{std::move(reason)});
        MULLION_TRY(check_become(host));
        Reach reach;
        MULLION_ASSIGN(reach.credential, credential_of(host, origins));
        MULLION_TRY(fill_in(reach.credential, reach.target));
        const auto filled = reach.target.scheme;
        MULLION_TRY(apply(host, reach.target, origins, !reach.credential.empty()));
        MULLION_TRY(check_scheme(reach.credential, filled, reach.target));
        const auto& name = inventory.model().hosts()[host].name;
        MULLION_TRY(address_by_name(name, reach.target));
        MULLION_TRY(given.apply_to(reach.target));
        reach.target.name = name;
        MULLION_ASSIGN(reach.target, settle(std::move(reach.target)));
        if (reach.credential.empty()) {
            MULLION_ASSIGN(reach.password, password_of(host, origins));
        }
        return Plan(std::move(reach));
    }
};

Planner::Planner(const Inventory& inventory, target::GivenOptions given,
                 std::function<void(std::string)> notify, bool wants_password)
    : state_(std::make_unique<State>(inventory, std::move(given), std::move(notify), wants_password)) {}

Planner::~Planner() = default;

void Planner::use_credential(std::string credential) {
    state_->always = std::move(credential);
}

void Planner::fill_credentials(FillCredential fill) {
    state_->fill = std::move(fill);
}

References Planner::references(HostIndex host) {
    return state_->references(host);
}

Result<Plan> Planner::plan(HostIndex host, std::vector<Origin>* origins) {
    auto plan = state_->plan(host, origins);
    if (plan.ok()) return plan;
    return std::move(plan).error().on_host(state_->inventory.model().hosts()[host].name);
}

}  // namespace mullion::inventory
