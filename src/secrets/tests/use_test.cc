#include "secrets/use/use.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <set>

#include "secrets/audit/line.h"
#include "secrets/tests/store_fixture.h"
#include "secrets/use/on_target.h"
#include "secrets/use/surroundings.h"
#include "target/credential_rows.h"

namespace mullion::secrets {
namespace {

using As = Wanted::As;

class SecretUseTest : public StoreTest {
protected:
    void use_store() {
        StorePlace place;
        place.file = path;
        auto opened = SecretUse::open(place);
        ASSERT_TRUE(opened.ok()) << opened.error().message();
        use = std::move(opened).value();
    }
    static Identity at(const std::string& id, const Scope& scope = {}) { return {Space::secret, scope, id}; }
    static Entity kerberos(const std::string& id, decltype(KerberosLogOn::ticket) ticket) {
        WinRmCredential spec;
        KerberosLogOn log_on;
        log_on.principal = "svc";
        log_on.realm = "CORP.EXAMPLE";
        log_on.kdcs = {"dc1", "dc2:1088"};
        log_on.ticket = std::move(ticket);
        spec.log_on = log_on;
        return {at(id), id, "", {}, spec};
    }
    std::vector<Result<Given>> look(const std::vector<Wanted>& wanted) {
        auto given = use->look_up({"run", "", "ipconfig"}, wanted);
        if (!given.ok()) {
            ADD_FAILURE() << given.error().message();
            return {};
        }
        return std::move(given).value();
    }
    // The password of a credential, or the error's id.
    static std::string password_of(const Result<Given>& given) {
        if (!given.ok()) return "! " + std::string(given.error().info().id);
        if (const auto* value = std::get_if<Secret>(&*given)) return std::string(value->expose());
        return std::string(std::get<UsableCredential>(*given).password.expose());
    }
    // Lines of the store's own log.
    std::vector<std::string> lines(const std::string& with = "") {
        std::vector<std::string> all;
        const auto verdict = verify_audit(audit_file_of(path), {}, [&](std::string_view line) {
            if (line.find(with) != std::string_view::npos) all.emplace_back(line);
        });
        EXPECT_TRUE(verdict.ok());
        return all;
    }

    std::unique_ptr<SecretUse> use;
};

TEST_F(SecretUseTest, GivesEachItsOwnResult) {
    ASSERT_TRUE(add(text_secret("pw"), "hunter2\n").ok());
    ASSERT_TRUE(add(credential("win", "pw")).ok());
    ASSERT_TRUE(add(text_secret("gone"), "x").ok());
    use_store();
    const auto given = look({{at("win"), As::credential, {"web01"}},
                             {at("pw"), As::value, {"web02"}},
                             {at("nobody"), As::credential, {"web03"}},
                             {at("gone"), As::credential, {"web04"}},
                             {at("win"), As::value, {"web05"}},
                             {at("none"), As::value, {"web06"}},
                             {at("win"), As::credential, {"web07"}}});
    ASSERT_EQ(given.size(), 7U);
    EXPECT_EQ(password_of(given[0]), "hunter2");  // Without the line's end.
    EXPECT_EQ(password_of(given[1]), "hunter2\n");
    EXPECT_EQ(password_of(given[2]), "! secrets.missing");
    EXPECT_EQ(password_of(given[3]), "! secrets.kind");
    EXPECT_EQ(password_of(given[4]), "! secrets.kind");
    EXPECT_EQ(password_of(given[5]), "! secrets.missing");
    EXPECT_EQ(password_of(given[6]), "hunter2");
    EXPECT_EQ(std::get<UsableCredential>(*given[0]).user(), "corp\\svc");
    // Who used what, for whom; who was refused.
    EXPECT_EQ(lines(R"("kind":"used")").size(), 2U);
    EXPECT_EQ(
        lines(
            R"("hosts":["web01","web07"],"command":"ipconfig","space":"secret","scope":"account","id":"win"})")
            .size(),
        1U);
    EXPECT_EQ(lines(R"("hosts":["web01","web02","web07"])").size(), 1U);
    EXPECT_EQ(lines(R"("kind":"refused")").size(), 4U);
    EXPECT_EQ(lines("\"command\":\"ipconfig\"").size(), 6U);
    EXPECT_NE(use->audit_head(), no_audit_hash);
}

// As its password, and as a variable of its command.
TEST_F(SecretUseTest, NamesAHostOnceThatWantsASecretTwice) {
    ASSERT_TRUE(add(text_secret("pw"), "hunter2").ok());
    ASSERT_TRUE(add(credential("win", "pw")).ok());
    use_store();
    const auto given =
        look({{at("win"), As::credential, {"web01", "web02"}}, {at("pw"), As::value, {"web01", "web02"}}});
    EXPECT_TRUE(given[0].ok() && given[1].ok());
    EXPECT_EQ(
        lines(
            R"("hosts":["web01","web02"],"command":"ipconfig","space":"secret","scope":"account","id":"pw")")
            .size(),
        1U);
}

TEST_F(SecretUseTest, NamesEachOfTenThousandHosts) {
    ASSERT_TRUE(add(text_secret("pw"), "hunter2").ok());
    ASSERT_TRUE(add(credential("win", "pw")).ok());
    use_store();
    Wanted wanted{at("win"), As::credential, {}};
    for (int host = 0; host < 10'000; ++host)
        wanted.hosts.push_back("web" + std::to_string(host) + ".corp.example");
    ASSERT_EQ(password_of(look({wanted}).front()), "hunter2");
    const auto of_the_secret = lines("\"id\":\"pw\"");
    EXPECT_GT(of_the_secret.size(), 10U);
    EXPECT_LT(of_the_secret.size(), 100U);
    std::string all;
    for (const auto& line : of_the_secret) {
        EXPECT_LT(line.size(), longest_audit_line);
        all += line;
    }
    for (const auto& host : wanted.hosts) EXPECT_NE(all.find("\"" + host + "\""), std::string::npos) << host;
}

TEST_F(SecretUseTest, IsSaidAlsoWhereNothingIsSecret) {
    ASSERT_TRUE(add(kerberos("machine", TicketOfTheMachine{})).ok());
    use_store();
    const auto given = look({{at("machine"), As::credential, {"web01"}}});
    ASSERT_TRUE(given.front().ok()) << given.front().error().message();
    EXPECT_EQ(lines(R"("kind":"used")").size(), 1U);
    EXPECT_TRUE(use->handed_out().empty());
}

TEST_F(SecretUseTest, GivesNothingWhereTheLogCannotBeWritten) {
    ASSERT_TRUE(add(text_secret("pw"), "hunter2").ok());
    ASSERT_TRUE(add(credential("win", "pw")).ok());
    use_store();
    ASSERT_EQ(::chmod(audit_file_of(path).c_str(), 0644), 0);
    const auto given = use->look_up({"run", "", ""}, std::vector<Wanted>{{at("win"), As::credential, {}}});
    ASSERT_FALSE(given.ok());
    EXPECT_EQ(given.error().id, ErrorId::audit_failed);
    EXPECT_TRUE(use->handed_out().empty());
    ASSERT_EQ(::chmod(audit_file_of(path).c_str(), 0600), 0);
    EXPECT_EQ(password_of(look({{at("win"), As::credential, {}}}).front()), "hunter2");
}

TEST_F(SecretUseTest, ThereHasToBeAStore) {
    StorePlace place;
    place.file = folder / "none.db";
    const auto opened = SecretUse::open(place);
    ASSERT_FALSE(opened.ok());
    EXPECT_EQ(opened.error().id, ErrorId::secrets_store);
    struct stat about {};
    EXPECT_NE(::stat(audit_file_of(place.file).c_str(), &about), 0) << "a log was made for no store";
}

TEST_F(SecretUseTest, TellsMasksOfEachValueOnce) {
    ASSERT_TRUE(add(text_secret("pw"), "hunter2").ok());
    ASSERT_TRUE(add(credential("win", "pw")).ok());
    use_store();
    std::vector<std::string> told;
    use->on_hand_out([&](const Secret& value) { told.emplace_back(value.expose()); });
    (void)look({{at("win"), As::credential, {}}, {at("pw"), As::value, {}}});
    (void)look({{at("pw"), As::value, {}}});
    EXPECT_EQ(told, std::vector<std::string>{"hunter2"});
    ASSERT_TRUE(store->update(who, purpose, text_secret("pw"), Secret("hunter3")).ok());
    (void)look({{at("pw"), As::value, {}}});
    EXPECT_EQ(told, (std::vector<std::string>{"hunter2", "hunter3"}));
    EXPECT_EQ(use->handed_out().size(), 2U);
}

TEST_F(SecretUseTest, AnEmptyPasswordIsNone) {
    ASSERT_TRUE(add(text_secret("pw"), "\r\n").ok());
    ASSERT_TRUE(add(credential("win", "pw")).ok());
    use_store();
    EXPECT_EQ(password_of(look({{at("win"), As::credential, {}}}).front()), "! secrets.invalid");
}

TEST_F(SecretUseTest, TellsANewStateOfACredentialWithoutUsingIt) {
    ASSERT_TRUE(add(text_secret("pw"), "hunter2").ok());
    ASSERT_TRUE(add(credential("win", "pw")).ok());
    use_store();
    const Wanted wanted{at("win"), As::credential, {}};
    const auto first = use->edition_of(wanted);
    ASSERT_TRUE(first.ok()) << first.error().message();
    EXPECT_EQ(use->edition_of(wanted).value(), *first);
    ASSERT_TRUE(store->update(who, purpose, text_secret("pw"), Secret("hunter3")).ok());
    EXPECT_NE(use->edition_of(wanted).value(), *first);
    EXPECT_FALSE(use->edition_of({at("none"), As::value, {}}).ok());
    EXPECT_TRUE(lines(R"("kind":"used")").empty());
}

TEST_F(SecretUseTest, SaysHowAHostIsReachedByNtlm) {
    auto entity = credential("win", "pw");
    auto& spec = std::get<WinRmCredential>(entity.spec);
    spec.use_ssl = false;
    spec.port = 5986;
    spec.parameters = {
        {"ansible_winrm_operation_timeout_sec", "7"}, {"ConfigurationName", "x"}, {"ansible_port", "1"}};
    UsableCredential usable{entity.identity, spec, Secret("x"), {}};
    target::Target target;
    target.kerberos.keytab = "/left/over";
    target.transports = {"basic"};
    ASSERT_TRUE(set_target(usable, "", target).ok());
    EXPECT_EQ(target.user, "corp\\svc");
    EXPECT_EQ(target.transports, std::vector<std::string>{"ntlm"});
    EXPECT_EQ(target.scheme, target::Scheme::http);
    EXPECT_EQ(target.port, 5986);
    EXPECT_TRUE(target.kerberos.keytab.empty());
    EXPECT_EQ(target.operation_timeout, Duration(7'000));
    EXPECT_TRUE(target.cert_validation.chain && target.cert_validation.name);
    EXPECT_EQ(unknown_parameters(usable), (std::vector<std::string>{"ConfigurationName", "ansible_port"}));
    EXPECT_EQ(usable.notes().size(), 1U);
    EXPECT_NE(port_note(target).find("port 5986"), std::string::npos);
    target.port = 5985;
    EXPECT_EQ(port_note(target), "");
    usable.saved.parameters = {{"ansible_winrm_operation_timeout_sec", "soon"}};
    EXPECT_EQ(set_target(usable, "", target).error().id, ErrorId::secrets_invalid);
}

TEST_F(SecretUseTest, SaysHowAHostIsReachedByKerberos) {
    ASSERT_TRUE(add({at("keytab"), "keytab", "", {}, FileSecret{reference(builtin_manager_id), "svc.keytab"}},
                    std::string("\x05\x02\n", 3))
                    .ok());
    ASSERT_TRUE(add(text_secret("pw"), "hunter2\n").ok());
    ASSERT_TRUE(add(kerberos("by_keytab", KeytabSecret{reference("keytab")})).ok());
    auto reused = kerberos("by_password", TicketByPassword{reference("pw")});
    auto& reused_spec = std::get<WinRmCredential>(reused.spec);
    std::get<KerberosLogOn>(reused_spec.log_on).reuse_within_a_run = true;
    reused_spec.skip_cert_check = true;
    ASSERT_TRUE(add(reused).ok());
    use_store();
    const auto given = look({{at("by_keytab"), As::credential, {}}, {at("by_password"), As::credential, {}}});
    const auto& keytab = std::get<UsableCredential>(*given[0]);
    EXPECT_TRUE(keytab.keytab.same_as(Secret(std::string("\x05\x02\n", 3))));  // Bytes: nothing is dropped.
    target::Target target;
    ASSERT_TRUE(set_target(keytab, "MEMORY:x", target).ok());
    EXPECT_EQ(target.user, "svc@CORP.EXAMPLE");
    EXPECT_EQ(target.kerberos.realm, "CORP.EXAMPLE");
    EXPECT_EQ(target.kerberos.kdcs, (std::vector<std::string>{"dc1:88", "dc2:1088"}));
    EXPECT_EQ(target.kerberos.keytab, "MEMORY:x");
    EXPECT_EQ(target.kerberos.cache, target::no_ticket_cache);
    EXPECT_EQ(target.kerberos.kinit_mode, target::KinitMode::managed);
    EXPECT_EQ(target.scheme, target::Scheme::https);
    EXPECT_EQ(target.port, 0);  // Follows the scheme.

    const auto& password = std::get<UsableCredential>(*given[1]);
    EXPECT_TRUE(password.password.same_as(Secret("hunter2")));
    ASSERT_TRUE(set_target(password, "", target).ok());
    EXPECT_TRUE(target.kerberos.keytab.empty());
    EXPECT_TRUE(target.kerberos.cache.empty());
    EXPECT_FALSE(target.cert_validation.chain || target.cert_validation.name);
    EXPECT_EQ(lines("the host's certificate is not checked").size(), 1U);
    EXPECT_EQ(password.notes().size(), 1U);
}

TEST_F(SecretUseTest, TellsHostsToTheirDelegatesAlone) {
    ASSERT_TRUE(add(text_secret("pw"), "x").ok());
    ASSERT_TRUE(add(credential("win", "pw")).ok());
    PdcConnector hosts;
    hosts.hosts = {{"web01", {{"zone", "b"}}}, {"web02:5985", {}}};
    hosts.credential = reference("win");
    const Scope org{"o", ""};
    const auto rack = [](const Scope& scope, const std::string& id = "rack") {
        return Identity{Space::connector, scope, id};
    };
    ASSERT_TRUE(add({rack({}), "rack", "", {}, hosts}).ok());
    hosts.selectors = {"site-b"};
    ASSERT_TRUE(add({rack({}, "far"), "far", "", {}, hosts}).ok());
    use_store();
    const auto found = use->hosts_of(rack({}));
    ASSERT_TRUE(found.ok()) << found.error().message();
    EXPECT_EQ(found->hosts, hosts.hosts);
    EXPECT_EQ(use->hosts_of(rack({}, "far")).error().id, ErrorId::usage_unsupported);
    // A credential is no list, and a name of another scope is told.
    EXPECT_EQ(use->hosts_of(rack({}, "win")).error().id, ErrorId::secrets_kind);
    const auto missing = use->hosts_of(rack({"o", "p"}));
    EXPECT_EQ(missing.error().id, ErrorId::secrets_missing);
    const auto advice = missing.error().all_advice();
    EXPECT_NE(std::find(advice.begin(), advice.end(),
                        "There is connector rack of account: account.rack means that one."),
              advice.end());
    EXPECT_EQ(use->hosts_of(rack(org, "none")).error().id, ErrorId::secrets_missing);
    EXPECT_TRUE(lines("used").empty());
}

}  // namespace
}  // namespace mullion::secrets
