// The words of `mullion secret|credential|connector`, one table for the three.
#pragma once

#include <CLI/App.hpp>

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "cli/exit_status.h"
#include "cli/manager_test_run.h"
#include "cli/secret_keeping.h"
#include "cli/secret_store.h"
#include "cli/secret_value.h"
#include "core/result.h"
#include "secrets/yaml/edit.h"

namespace mullion::cli {

// Which of the three: its name, and what Harness calls what it keeps.
struct Noun {
    std::string_view name;
    secrets::Space space;
    unsigned kinds;  // FieldOf, or'ed.
    [[nodiscard]] bool has(const secrets::Spec& spec) const;
};
[[nodiscard]] const Noun& secret_noun();
[[nodiscard]] const Noun& credential_noun();
[[nodiscard]] const Noun& connector_noun();

struct NounWords {
    const Noun* noun = nullptr;
    StoreWords store;
    ValueWords value;
    std::string reference;          // What is shown, updated, moved, deleted: "id", "org.id", "account.id".
    std::string scope = "account";  // Where that is looked for, and where a new one lives.
    bool scope_given = false;
    std::string id, type, to;
    std::string output = "text";
    bool yes = false;
    std::uint32_t version = 0;  // That is to be current again; 0: none is named.
    KeepingWords keeping;
    TestWords test;
    int status = exit_status::ok;  // Of what was done and not refused: a test that failed has another one.
    // What was given for each option of the table, in its order.
    std::deque<std::vector<std::string>> values;

    [[nodiscard]] std::vector<secrets::SetField> fields() const;
    // Errors: secrets.invalid
    [[nodiscard]] Result<secrets::Identity> identity() const;
};

// The options of the noun's kinds, with what each means.
void declare_fields(CLI::App& command, NounWords& words);

}  // namespace mullion::cli
