#include "cli/manager_test_run.h"

#include <fmt/format.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "aws/real_world.h"
#include "cli/exit_status.h"
#include "cli/printable.h"
#include "secrets/entities/references.h"
#include "secrets/managers/aws_kms.h"
#include "secrets/managers/manager_test.h"

namespace mullion::cli {
namespace {

using secrets::AwsKmsConnector;
using secrets::AwsKmsValues;
using secrets::ManagerTest;

constexpr std::size_t longest_kept_message = 1000;

secrets::Purpose purpose() {
    return {"connector test", "", ""};
}

// Where each of its references goes.
struct Wanted {
    secrets::Identity what;
    Secret AwsKmsValues::*into;
};

Result<std::vector<Wanted>> wanted_by(const AwsKmsConnector& connector, const secrets::Scope& scope) {
    std::vector<Wanted> all;
    const auto want = [&](const secrets::Reference& reference, Secret AwsKmsValues::*into) -> Result<void> {
        MULLION_ASSIGN(auto what, secrets::resolve(reference, scope, secrets::Space::secret));
        all.push_back({std::move(what), into});
        return {};
    };
    if (const auto* const keys = std::get_if<secrets::AwsKeys>(&connector.credential)) {
        MULLION_TRY(want(keys->access_key, &AwsKmsValues::access_key));
        MULLION_TRY(want(keys->secret_key, &AwsKmsValues::secret_key));
    }
    if (const auto* const arn = std::get_if<secrets::Reference>(&connector.key_arn))
        MULLION_TRY(want(*arn, &AwsKmsValues::key_arn));
    return all;
}

// In one look-up. What cannot be opened is the test's result; what the log or the store cannot do, ours.
Result<Result<AwsKmsValues>> open_values(SecretStore& opened, const AwsKmsConnector& connector,
                                         const secrets::Scope& scope) {
    MULLION_ASSIGN(const auto wanted, wanted_by(connector, scope));
    std::vector<secrets::Identity> what;
    for (const auto& one : wanted) what.push_back(one.what);
    MULLION_ASSIGN(auto given, opened.store().open_for_use(opened.principal(), purpose(), what));
    AwsKmsValues values;
    for (std::size_t at = 0; at < given.size(); ++at) {
        if (!given[at].ok()) return Result<AwsKmsValues>(std::move(given[at]).error());
        values.*wanted[at].into = std::move(given[at]).value();
    }
    return Result<AwsKmsValues>(std::move(values));
}

Result<ManagerTest> ask(const TestWords& words, SecretStore& opened, const AwsKmsConnector& connector,
                        const secrets::Scope& scope) {
    const auto& delegate = opened.delegate();
    const auto at = system_clock().wall();
    // Nothing is opened for a delegate that may not use it.
    for (auto may : {secrets::may_act(delegate, words.selectors), secrets::may_act(delegate, connector)})
        if (!may.ok()) return secrets::failed_manager_test(std::move(may).error(), delegate, at);
    MULLION_ASSIGN(auto values, open_values(opened, connector, scope));
    if (!values.ok()) return secrets::failed_manager_test(std::move(values).error(), delegate, at);
    // A connection of its own: what another one left open proves nothing.
    aws::RealWorld world;
    return secrets::test_aws_kms(connector, std::move(values).value(), delegate, world.world());
}

secrets::TestResult kept(const ManagerTest& test) {
    secrets::TestResult result{test.at, test.passed(), {}, {}, test.delegate};
    if (const auto* const failed = test.first_failed()) {
        if (failed->error) result.error = failed->error->info().id;
        result.message = kept_message(failed->text);
    }
    return result;
}

// What AWS wrote stands in it: each line by itself is made fit for a terminal.
void print_lines(std::string_view text) {
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        fmt::print("{}\n", printable(text.substr(0, end)));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
}

int tell_left_out(const TestWords& words, const secrets::Identity& which) {
    const auto why =
        fmt::format("{} is not tested: its ignoreTestConnection is true; --force tests it all the same",
                    secrets::in_words(which));
    if (words.output == "json") {
        const nlohmann::ordered_json page{
            {"schema", 1}, {"manager", "AwsKms"}, {"result", "skipped"}, {"notes", {why}}};
        fmt::print("{}\n", escaped_json(page.dump()));
    } else {
        fmt::print("{}\n", why);
    }
    return exit_status::ok;
}

}  // namespace

std::string kept_message(std::string_view text) {
    auto line = printable(text);
    if (line.size() <= longest_kept_message) return line;
    auto end = longest_kept_message;
    while (end > 0 && (static_cast<unsigned char>(line[end]) & 0xC0U) == 0x80U) --end;  // No half character.
    return line.substr(0, end) + "…";
}

Result<int> test_manager(const TestWords& words, SecretStore& opened, const secrets::Stored& connector) {
    const auto& which = connector.entity.identity;
    const auto& kms = std::get<AwsKmsConnector>(connector.entity.spec);
    if (kms.ignore_test_connection && !words.force) return tell_left_out(words, which);
    MULLION_ASSIGN(const auto test, ask(words, opened, kms, which.scope));
    if (words.output == "json")
        fmt::print("{}\n", escaped_json(test.json()));
    else
        print_lines(test.text());
    std::fflush(stdout);  // Said, whatever becomes of keeping it.
    MULLION_TRY(opened.store().set_test(opened.principal(), purpose(), which, kept(test)));
    const auto* const failed = test.first_failed();
    if (failed == nullptr) return exit_status::ok;
    return failed->error ? failed->error->info().exit_code : exit_status::host_failed;
}

}  // namespace mullion::cli
