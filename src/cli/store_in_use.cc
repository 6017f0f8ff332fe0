#include "cli/store_in_use.h"

#include "cli/masking.h"

namespace mullion::cli {

void declare_secret_words(CLI::App& app, SecretWords& words) {
    app.add_option("--secret-scope", words.scope,
                   "Scope of references that name none: account, org:O or project:O/P (default account)")
        ->type_name("SCOPE")
        ->group("Secrets");
    declare_store(app, words.store, "Secrets");
}

Result<std::shared_ptr<secrets::SecretUse>> open_store(const SecretWords& words) {
    auto& opened = *words.opened;
    if (opened) return opened;
    secrets::StorePlace place;
    place.file = words.store.file;
    place.ask_passphrase = [store = words.store] { return store_passphrase(store); };
    place.delegate = {words.store.delegate,
                      {words.store.delegate_tags.begin(), words.store.delegate_tags.end()}};
    MULLION_ASSIGN(place.scope, secrets::parse_scope(words.scope));
    MULLION_ASSIGN(opened, secrets::SecretUse::open(place));
    opened->on_hand_out([](const Secret& value) { masks().add(value); });
    return opened;
}

}  // namespace mullion::cli
