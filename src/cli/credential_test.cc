#include "cli/credential_test.h"

#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <utility>

#include "kerberos/memory_keytab.h"
#include "secrets/entities/references.h"
#include "secrets/use/on_target.h"
#include "secrets/use/use.h"
#include "target/host_name.h"
#include "target/target.h"

namespace mullion::cli {
namespace {

using secrets::SecretUse;
using secrets::UsableCredential;

// As a shell's URL, or a list of them, it would be another command's.
Result<void> check_hosts(const std::vector<std::string>& hosts) {
    for (const auto& host : hosts)
        if (!target::parse_host_port(host))
            return Error(ErrorId::usage_target,
                         fmt::format("{}: it is HOST or HOST:PORT; the credential says all else", host));
    return {};
}

// Opened once, for all hosts of the test.
Result<Result<UsableCredential>> open_credential(SecretUse& use, const secrets::Purpose& purpose,
                                                 const secrets::Identity& credential,
                                                 const std::vector<std::string>& hosts) {
    const secrets::Wanted wanted{credential, secrets::Wanted::As::credential, hosts};
    MULLION_ASSIGN(auto given, use.look_up(purpose, std::span(&wanted, 1)));
    if (!given.front().ok()) return Result<UsableCredential>(std::move(given.front()).error());
    return Result<UsableCredential>(std::get<UsableCredential>(std::move(given.front()).value()));
}

// In memory, for as long as the test lasts; nothing where the credential has none of its own.
Result<std::unique_ptr<kerberos::MemoryKeytab>> keytab_of(const UsableCredential& credential) {
    if (credential.keytab.empty()) return std::unique_ptr<kerberos::MemoryKeytab>();
    auto made = kerberos::MemoryKeytab::make(credential.keytab, credential.identity.id);
    if (!made.ok() && made.error().id == ErrorId::kerberos_keytab) {
        made.error().detail = fmt::format("{}: {}", credential.name(), made.error().detail);
        made.error().advice.emplace_back(
            "The file secret of its keytab is none: mullion secret update REF --value-file KEYTAB.");
    }
    return made;
}

Result<fleet::Work> work_for(const UsableCredential& credential, const std::string& keytab,
                             const std::string& host) {
    target::Target options;
    MULLION_TRY(secrets::set_target(credential, keytab, options));
    MULLION_ASSIGN(auto target, target::parse_target(host, options));
    auth::Credential log_on;
    log_on.user = target.user;
    log_on.password = credential.password.clone();
    return fleet::Work{std::move(target), std::move(log_on), credential.saved.no_profile};
}

Result<CredentialTest> ask(const TestWords& words, SecretUse& use, const secrets::Purpose& purpose,
                           CredentialTest test, const std::vector<std::string>& hosts,
                           const std::vector<std::string>& selectors) {
    test.delegate = use.delegate();
    test.at = system_clock().wall();
    for (const auto* const wanted : {&selectors, &words.selectors}) {
        auto may = secrets::may_act(test.delegate, *wanted);
        if (may.ok()) continue;
        test.error = std::move(may).error();  // Nothing is opened for a delegate that may not use it.
        return test;
    }
    MULLION_ASSIGN(auto credential, open_credential(use, purpose, test.credential, hosts));
    if (!credential.ok()) {
        test.error = std::move(credential).error();
        return test;
    }
    const auto keytab = keytab_of(*credential);
    if (!keytab.ok()) {
        test.error = keytab.error();
        return test;
    }
    test.notes = credential->notes();
    const auto name = *keytab ? (*keytab)->name() : std::string();
    test.hosts = test_hosts(hosts, [&](const std::string& host) { return work_for(*credential, name, host); },
                            {words.forks, words.timeout});
    return test;
}

Result<int> tell(const TestWords& words, SecretUse& use, const secrets::Purpose& purpose,
                 const CredentialTest& test) {
    fmt::print("{}", words.output == "json" ? test.json() + "\n" : test.text());
    std::fflush(stdout);  // Said, whatever becomes of keeping it.
    const auto& kept_with = test.connector ? *test.connector : test.credential;
    MULLION_TRY(use.store().set_test(use.principal(), purpose, kept_with, test.kept()));
    return test.exit_status();
}

}  // namespace

Result<int> test_credential(const TestWords& words, SecretUse& use, const secrets::Stored& credential) {
    MULLION_TRY(check_hosts(words.hosts));
    const secrets::Purpose purpose{"credential test", words.hosts.size() == 1 ? words.hosts.front() : "", ""};
    CredentialTest test;
    test.credential = credential.entity.identity;
    MULLION_ASSIGN(test, ask(words, use, purpose, std::move(test), words.hosts, {}));
    return tell(words, use, purpose, test);
}

Result<int> test_hosts_of(const TestWords& words, SecretUse& use, const secrets::Stored& connector) {
    const auto& identity = connector.entity.identity;
    const auto& list = std::get<secrets::PdcConnector>(connector.entity.spec);
    if (list.hosts.empty() || !list.credential)
        return Error(ErrorId::secrets_invalid,
                     fmt::format("{} has no {} to test", secrets::in_words(identity),
                                 list.hosts.empty() ? "host" : "credential"));
    std::vector<std::string> hosts;
    for (const auto& host : list.hosts) hosts.push_back(host.name);
    CredentialTest test;
    test.connector = identity;
    MULLION_ASSIGN(test.credential,
                   secrets::resolve(*list.credential, identity.scope, secrets::Space::secret));
    const secrets::Purpose purpose{"connector test", "", ""};
    MULLION_ASSIGN(test, ask(words, use, purpose, std::move(test), hosts, list.selectors));
    return tell(words, use, purpose, test);
}

}  // namespace mullion::cli
