#include "secrets/use/list_of_hosts.h"

#include <fmt/format.h>

#include "secrets/entities/references.h"

namespace mullion::secrets {
namespace {

Error no_list(const Identity& connector, std::string_view kind) {
    Error error(ErrorId::secrets_kind,
                fmt::format("{} is of kind {}, and no list of hosts", in_words(connector), kind));
    error.advice.emplace_back(
        "Only a connector of kind Pdc is a list of hosts: mullion connector list shows which there are.");
    return error;
}

// What bears the name, if not that connector: a credential, or a connector of a wider scope.
Result<void> look_elsewhere(const Identity& connector, Store& store, Error& missing) {
    const auto secret = store.get({Space::secret, connector.scope, connector.id});
    if (secret.ok()) return no_list(secret->entity.identity, kind_of(secret->entity.spec));
    const auto& [org, project] = connector.scope;
    for (const Scope& wider : {Scope{project.empty() ? std::string() : org, {}}, Scope{}}) {
        const Identity other{Space::connector, wider, connector.id};
        if (wider == connector.scope || !store.get(other).ok()) continue;
        missing.advice.push_back(fmt::format("There is {}: {} means that one.", in_words(other),
                                             reference_from(connector.scope, other)));
        break;
    }
    return {};
}

}  // namespace

Result<PdcConnector> list_of_hosts(const Identity& connector, Store& store, const Delegate& delegate) {
    auto found = store.get(connector);
    if (!found.ok()) {
        auto error = std::move(found).error();
        if (error.id == ErrorId::secrets_missing) MULLION_TRY(look_elsewhere(connector, store, error));
        return error;
    }
    auto* const list = std::get_if<PdcConnector>(&found->entity.spec);
    if (list == nullptr) return no_list(connector, kind_of(found->entity.spec));
    MULLION_TRY(may_act(delegate, list->selectors));
    return std::move(*list);
}

}  // namespace mullion::secrets
