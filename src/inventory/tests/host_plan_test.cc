#include "inventory/host_plan.h"

#include <gtest/gtest.h>

#include "inventory/tests/fake_inventory.h"

namespace mullion::inventory {
namespace {

using target::row_of_variable;

// Plans of hosts of one INI text.
struct Plans {
    explicit Plans(std::string_view text, target::GivenOptions given = {}, bool wants_password = true)
        : inventory(text),
          planner(
              inventory, std::move(given), [this](std::string notice) { notices += notice + "\n"; },
              wants_password) {}

    Result<Plan> of(std::string_view host) { return planner.plan(inventory.host(host)); }
    target::Target target(std::string_view host) {
        auto plan = of(host);
        if (!plan.ok()) {
            ADD_FAILURE() << plan.error().message();
            return {};
        }
        if (!std::holds_alternative<Reach>(*plan)) {
            ADD_FAILURE() << host << " is skipped: " << std::get<Skip>(*plan).reason;
            return {};
        }
        return std::get<Reach>(*plan).target;
    }
    std::string password(std::string_view host) {
        auto plan = of(host);
        if (!plan.ok()) return "error: " + plan.error().message();
        const auto& found = std::get<Reach>(*plan).password;
        return found ? std::string(found->expose()) : "none";
    }
    std::string error(std::string_view host) {
        const auto plan = of(host);
        return plan.ok() ? "no error" : std::string(plan.error().info().id) + " " + plan.error().detail;
    }

    FakeInventory inventory;
    std::string notices;
    Planner planner;
};

std::string line(std::string_view variables) {
    return "web01 " + std::string(variables) + "\n";
}

target::GivenOptions flag(std::string_view variable, std::string value) {
    target::GivenOptions given;
    given.flags.emplace_back(row_of_variable(variable), std::move(value));
    return given;
}

TEST(Planner, TakesTheNameOfTheHost) {
    Plans plans("web01\n10.0.0.1\n::1\n[fe80::1%eth0]:5985\nfe80::2%eth0\nweb02:81\nwe!rd\n");
    EXPECT_EQ(plans.target("web01").url(), "https://web01:5986/wsman");
    EXPECT_EQ(plans.target("web01").name, "web01");
    EXPECT_EQ(plans.target("10.0.0.1").url(), "https://10.0.0.1:5986/wsman");
    EXPECT_EQ(plans.target("::1").url(), "https://[::1]:5986/wsman");
    EXPECT_EQ(plans.target("fe80::1%eth0").url(), "http://[fe80::1%25eth0]:5985/wsman");
    EXPECT_EQ(plans.target("fe80::2%eth0").url(), "https://[fe80::2%25eth0]:5986/wsman");
    EXPECT_EQ(plans.target("web02").url(), "https://web02:81/wsman");
    EXPECT_EQ(plans.error("we!rd").substr(0, 12), "usage.target");
}

TEST(Planner, TakesTheAddressOfAVariable) {
    for (const auto& [variables, url] : std::vector<std::pair<std::string, std::string>>{
             {"ansible_host=10.0.0.1", "https://10.0.0.1:5986/wsman"},
             {"ansible_host=::1", "https://[::1]:5986/wsman"},
             {"ansible_host=[::1]", "https://[::1]:5986/wsman"},
             {"ansible_host=fe80::1%eth0 ansible_port=5985", "http://[fe80::1%25eth0]:5985/wsman"},
             {"ansible_winrm_scheme=http", "http://web01:5985/wsman"},
             {"ansible_winrm_scheme=https ansible_port=5985", "https://web01:5985/wsman"},
             {"ansible_port=5985", "http://web01:5985/wsman"},
             {"ansible_winrm_path=/x", "https://web01:5986/x"},
             {"ansible_winrm_endpoint=http://h:1/e ansible_port=2", "http://h:2/e"}})
        EXPECT_EQ(Plans(line(variables)).target("web01").url(), url) << variables;
}

// ansible.builtin.winrm takes the last of its names that is set; pywinrm's and the oldest yield to them.
TEST(Planner, TakesTheNameThatAnsibleTakes) {
    Plans plans(
        line("ansible_winrm_host=c ansible_host=b ansible_ssh_host=a ansible_winrm_port=3 ansible_port=2 "
             "ansible_ssh_port=1 "
             "ansible_winrm_user=uc ansible_user=ub ansible_ssh_user=ua ansible_winrm_password=pd "
             "ansible_winrm_pass=pc "
             "ansible_password=pb ansible_ssh_pass=pa"));
    EXPECT_EQ(plans.target("web01").url(), "https://c:3/wsman");
    EXPECT_EQ(plans.target("web01").user, "uc");
    EXPECT_EQ(plans.password("web01"), "pd");
    EXPECT_EQ(plans.notices, "");
    EXPECT_EQ(Plans(line("ansible_winrm_pass=pc ansible_password=pb")).password("web01"), "pc");
    EXPECT_EQ(Plans(line("ansible_winrm_username=a ansible_user=b")).target("web01").user, "b");
    EXPECT_EQ(Plans(line("ansible_winrm_username=a")).target("web01").user, "a");
    EXPECT_EQ(Plans(line("ansible_winrm_user=None ansible_user=b")).target("web01").user, "b");
}

TEST(Planner, TellsOfDeprecatedNamesOnce) {
    Plans plans(
        "[all]\na ansible_ssh_host=h\nb "
        "ansible_ssh_host=i\n[all:vars]\nansible_ssh_user=ann\nansible_ssh_pass=p\nansible_ssh_port=5985\n");
    EXPECT_EQ(plans.target("a").url(), "http://h:5985/wsman");
    EXPECT_EQ(plans.password("b"), "p");
    EXPECT_EQ(plans.target("b").user, "ann");
    EXPECT_EQ(plans.notices,
              "hosts:2: ansible_ssh_host is deprecated; write ansible_host\nhosts:5: ansible_ssh_user is "
              "deprecated; write ansible_user\n"
              "hosts:7: ansible_ssh_port is deprecated; write ansible_port\nhosts:6: ansible_ssh_pass is "
              "deprecated; write ansible_password\n");
}

TEST(Planner, TellsOfUnknownNamesOnce) {
    Plans plans(
        "a ansible_winrm_tranport=ntlm\nb ansible_winrm_tranport=ntlm mullion_certpin=x\nc "
        "ansible_winrm_zzzzzzzzzzzz=1 other_thing=2\n");
    for (const auto* host : {"a", "b", "c", "a"}) (void)plans.target(host);
    EXPECT_EQ(plans.notices,
              "hosts:1: ansible_winrm_tranport is no variable that is known; ansible_winrm_transport is\n"
              "hosts:2: mullion_certpin is no variable that is known; mullion_cert_pin is\n"
              "hosts:3: ansible_winrm_zzzzzzzzzzzz is no variable that is known\n");
}

TEST(Planner, LooksForSoManyUnknownNamesAtMost) {
    std::string text;
    for (int i = 0; i < 3000; ++i)
        text += "h" + std::to_string(i) + " ansible_winrm_x" + std::to_string(i) + "=1\n";
    Plans plans(text);
    for (int i = 0; i < 3000; ++i) (void)plans.target("h" + std::to_string(i));
    EXPECT_EQ(
        plans.notices.substr(0, plans.notices.find('\n')),
        "3000 variables are called ansible_winrm_… or mullion_… and are not known; only the first 100 are "
        "looked for");
    EXPECT_EQ(std::count(plans.notices.begin(), plans.notices.end(), '\n'), 101);
}

TEST(Planner, LetsFlagsWin) {
    EXPECT_EQ(Plans(line("ansible_user=ann"), flag("ansible_user", "bob")).target("web01").user, "bob");
    EXPECT_EQ(Plans(line("ansible_port=81"), flag("ansible_port", "82")).target("web01").port, 82);
    // What a flag made needless is not looked at.
    EXPECT_EQ(Plans(line("\"ansible_user={{ x | y }}\""), flag("ansible_user", "bob")).target("web01").user,
              "bob");
    EXPECT_EQ(Plans(line("ansible_winrm_transport=kerberos"), flag("ansible_winrm_transport", "ntlm"))
                  .target("web01")
                  .transports,
              std::vector<std::string>{"ntlm"});
    EXPECT_EQ(Plans(line("\"ansible_password={{ x | y }}\""), {}, false).password("web01"), "none");
    EXPECT_EQ(Plans(line("ansible_winrm_ca_trust_path=/ca"), flag("ansible_winrm_scheme", "http"))
                  .target("web01")
                  .ca_file,
              "");
}

// Each row of the option table, by each of its names, out of an inventory.
TEST(Planner, AppliesEveryRow) {
    const std::string pin = "sha256:" + std::string(64, 'a');
    for (const auto& row : target::option_table()) {
        std::string value = row.fallback.empty() ? "word" : std::string(row.fallback);
        if (row.type == "URL") value = "https://web09:1/x";
        if (row.type == "PORT") value = "81";
        if (row.type == "SECONDS") value = "25";
        if (row.type == "LIST" && row.variable == "ansible_winrm_transport") value = "ntlm";
        if (row.type == "http|https") value = "https";
        if (row.type == "sha256:HEX") value = pin;
        if (row.type == "managed|manual") value = "manual";
        if (row.variable == "mullion_allow_unencrypted") value = "no";
        for (const auto& name : names_of(row)) {
            Plans plans(line(std::string(name.name) + "=" + value));
            std::vector<Origin> origins;
            const auto plan = plans.planner.plan(plans.inventory.host("web01"), &origins);
            ASSERT_TRUE(plan.ok()) << name.name << ": " << plan.error().message();
            ASSERT_EQ(origins.size(), 1U) << name.name;
            EXPECT_EQ(origins[0].variable, name.name);
            EXPECT_EQ(origins[0].row, &row);
            EXPECT_EQ(origins[0].place.line, 1U);
            EXPECT_EQ(plans.notices.empty(), name.rank != target::VariableName::Rank::deprecated)
                << name.name;
            // A value of no row's form is refused, by place and name.
            Plans wrong(line(std::string(name.name) + "=\"{'a': 1}\""));
            EXPECT_EQ(wrong.error("web01").substr(0, 28 + name.name.size()),
                      "inventory.variable hosts:1: " + std::string(name.name))
                << wrong.error("web01");
        }
    }
}

TEST(Planner, TakesValuesOfEveryType) {
    EXPECT_TRUE(Plans(line("mullion_allow_unencrypted=True ansible_winrm_scheme=http"))
                    .target("web01")
                    .allow_unencrypted);
    EXPECT_FALSE(Plans(line("ansible_winrm_send_cbt=no")).target("web01").send_cbt);
    EXPECT_FALSE(Plans(line("ansible_winrm_send_cbt=0")).target("web01").send_cbt);
    EXPECT_EQ(Plans(line("ansible_winrm_transport=\"['ntlm', 'basic']\"")).target("web01").transports,
              (std::vector<std::string>{"ntlm", "basic"}));
    EXPECT_EQ(Plans(line("ansible_winrm_transport=ntlm,basic")).target("web01").transports,
              (std::vector<std::string>{"ntlm", "basic"}));
    EXPECT_EQ(Plans(line("ansible_winrm_read_timeout_sec=40.5")).target("web01").read_timeout,
              Duration(40'500));
    EXPECT_EQ(Plans(line("ansible_winrm_connection_timeout=60 ansible_winrm_read_timeout_sec=5"))
                  .target("web01")
                  .read_timeout,
              Duration(70'000));
    EXPECT_EQ(Plans(line("ansible_password=12345")).password("web01"), "12345");
    EXPECT_EQ(Plans("[all]\nweb01\n[all:vars]\nansible_port={{ p }}\np=5985\n").target("web01").port, 5985);
    EXPECT_EQ(Plans(line("ansible_port=None")).target("web01").port, 5986);
}

TEST(Planner, SaysWhereAValueIsWrong) {
    EXPECT_EQ(Plans(line("ansible_port=x")).error("web01"),
              "inventory.variable hosts:1: ansible_port: 'x' is not a port between 1 and 65535");
    EXPECT_EQ(Plans(line("ansible_winrm_path=wsman")).error("web01").substr(0, 49),
              "inventory.variable hosts:1: ansible_winrm_path: '");
    EXPECT_EQ(Plans(line("ansible_user=\"[1]\"")).error("web01"),
              "inventory.variable hosts:1: ansible_user: it is a list, but NAME is wanted");
    EXPECT_EQ(Plans("[all]\nweb01\n[all:vars]\nansible_host={{ a | b }}\n").error("web01").substr(0, 29),
              "inventory.variable hosts:4: '");
    EXPECT_EQ(Plans(line("ansible_winrm_transport=digest")).error("web01").substr(0, 52),
              "inventory.variable hosts:1: ansible_winrm_transport:");
    EXPECT_EQ(Plans(line("ansible_winrm_read_timeout_sec=5")).error("web01").substr(0, 13), "usage.invalid");
    // One host's trouble is its own.
    Plans plans("a ansible_port=x\nb\n");
    EXPECT_FALSE(plans.of("a").ok());
    EXPECT_EQ(plans.of("a").error().host, "a");
    EXPECT_TRUE(plans.of("b").ok());
}

TEST(Planner, LooksAtWhatIsNeededOnly) {
    Plans plans(
        "[all]\nweb01\n[all:vars]\nother={{ a | b }}\nansible_winrm_realm={{ a | b "
        "}}\nansible_winrm_ca_trust_path={{ a | b }}\n"
        "ansible_port=5985\nansible_user={{ c | d }}\nansible_winrm_user=ann\n"
        "ansible_winrm_transport=ntlm\n");
    EXPECT_EQ(plans.target("web01").user, "ann");
    // Negotiate, said or not, may come to Kerberos.
    for (const auto* transport : {"", " ansible_winrm_transport=negotiate"}) {
        Plans needed(line("ansible_user=ann ansible_winrm_realm='{{ a | b }}'" + std::string(transport)));
        EXPECT_EQ(needed.error("web01").substr(0, 18), "inventory.variable") << transport;
    }
    EXPECT_EQ(Plans(line("ansible_winrm_kinit_mode=sometimes")).error("web01").substr(0, 18),
              "inventory.variable");
}

TEST(Planner, LeavesAnsiblesOptionsOfTlsOutOverHttpAndKeepsOurs) {
    const auto target = Plans(line("ansible_winrm_scheme=http ansible_winrm_ca_trust_path=/ca "
                                   "ansible_winrm_server_cert_validation=ignore"))
                            .target("web01");
    EXPECT_EQ(target.ca_file, "");
    EXPECT_TRUE(target.cert_validation.chain);
    EXPECT_EQ(Plans(line("ansible_winrm_scheme=http mullion_crl_file=/x")).error("web01").substr(0, 13),
              "usage.invalid");
}

TEST(Planner, SkipsWhatIsNotWinrm) {
    for (const auto* name : {"ssh", "local", "smart", "psrp", "ansible.netcommon.network_cli", "docker"}) {
        auto plan = Plans(line("ansible_connection=" + std::string(name))).of("web01");
        ASSERT_TRUE(plan.ok());
        ASSERT_TRUE(std::holds_alternative<Skip>(*plan)) << name;
        EXPECT_EQ(std::get<Skip>(*plan).reason, "ansible_connection is " + std::string(name) + " (hosts:1)");
    }
    for (const auto* name : {"winrm", "ansible.builtin.winrm", "ansible.legacy.winrm", "None", "''"})
        EXPECT_EQ(Plans(line("ansible_connection=" + std::string(name))).target("web01").host, "web01")
            << name;
    EXPECT_TRUE(std::holds_alternative<Skip>(
        *Plans(line("ansible_connection=local ansible_port=x ansible_become=yes")).of("web01")));
}

TEST(Planner, RefusesToBecomeByName) {
    for (const auto* variables :
         {"ansible_become=true", "ansible_become=True", "ansible_become=1", "ansible_become=perhaps",
          "ansible_become_user=SYSTEM", "ansible_become_method=runas"}) {
        Plans plans(line(variables));
        const auto plan = plans.of("web01");
        ASSERT_FALSE(plan.ok()) << variables;
        EXPECT_EQ(plan.error().id, ErrorId::inventory_become);
        EXPECT_EQ(plan.error().host, "web01");
        EXPECT_EQ(plan.error().detail,
                  "hosts:1: " + std::string(variables).substr(0, std::string(variables).find('=')));
    }
    for (const auto* variables : {"ansible_become=false", "ansible_become=no ansible_become_user=SYSTEM",
                                  "ansible_become=None", "ansible_become_user=''"})
        EXPECT_TRUE(Plans(line(variables)).of("web01").ok()) << variables;
}

TEST(Planner, TakesPasswordsApart) {
    EXPECT_EQ(Plans(line("ansible_user=a")).password("web01"), "none");
    EXPECT_EQ(Plans(line("ansible_password=''")).password("web01"), "none");
    EXPECT_EQ(Plans("[all]\nweb01\n[all:vars]\nansible_password=p{{ a }}\na=q\n").password("web01"), "pq");
    EXPECT_EQ(Plans(line("ansible_password=\"['hunter2']\"")).error("web01"),
              "inventory.variable hosts:1: ansible_password: it is a list, but a text is wanted");
    Plans plans("web01\n");
    plans.inventory.changeable().set(0, "ansible_port", Value{Vaulted{"$ANSIBLE_VAULT;1.1;AES256\n00\n"}});
    Planner late(plans.inventory, {}, {});
    const auto plan = late.plan(0);
    ASSERT_FALSE(plan.ok());
    EXPECT_EQ(plan.error().id, ErrorId::inventory_vault);
}

// ---- the secret store ----

std::string refers(Plans& plans, std::string_view host) {
    const auto found = plans.planner.references(plans.inventory.host(host));
    return found.credential + "|" + found.password;
}

constexpr std::string_view expression = "<+secrets.getValue('account.win_pw')>";

TEST(Planner, TellsWhatAHostRefersTo) {
    Plans plans("web01 mullion_credential=account.win\nweb02 ansible_password=\"" + std::string(expression) +
                "\"\nweb03 ansible_password=hunter2\nweb04\n"
                "web05 mullion_credential=account.win ansible_connection=ssh\n"
                "web06 mullion_credential=org.win ansible_winrm_password=\"" +
                std::string(expression) + "\"\nweb07 ansible_password='{{ pw }}' pw=\"" +
                std::string(expression) + "\"\nweb08 ansible_password='{{ none }}'\n");
    EXPECT_EQ(refers(plans, "web01"), "account.win|");
    EXPECT_EQ(refers(plans, "web02"), "|" + std::string(expression));
    EXPECT_EQ(refers(plans, "web03"), "|");
    EXPECT_EQ(refers(plans, "web04"), "|");
    EXPECT_EQ(refers(plans, "web05"), "|");
    EXPECT_EQ(refers(plans, "web06"), "org.win|");
    EXPECT_EQ(refers(plans, "web07"), "|" + std::string(expression));
    EXPECT_EQ(refers(plans, "web08"), "|");  // What is wrong with it is told by its plan.
    EXPECT_EQ(plans.password("web02"), expression);
    plans.planner.use_credential("account.all");
    EXPECT_EQ(refers(plans, "web04"), "account.all|");
    EXPECT_EQ(refers(plans, "web05"), "|");
    EXPECT_EQ(refers(plans, "web06"), "account.all|");
}

Result<void> fill_http(const std::string& credential, target::Target& target) {
    if (credential == "account.gone") return Error(ErrorId::secrets_missing, "it is not there");
    target.user = "of " + credential;
    target.scheme = target::Scheme::http;
    target.transports = {"ntlm"};
    return {};
}

TEST(Planner, ACredentialDecidesOverVariables) {
    Plans plans(
        line("mullion_credential=account.win ansible_user=me ansible_password=mine "
             "ansible_winrm_transport=basic ansible_winrm_scheme=https ansible_port=8985 "
             "ansible_winrm_server_cert_validation=nonsense ansible_winrm_kinit_args=x "
             "ansible_winrm_ca_trust_path=/ca.pem ansible_winrm_operation_timeout_sec=7"));
    plans.planner.fill_credentials(fill_http);
    const auto target = plans.target("web01");
    EXPECT_EQ(target.user, "of account.win");
    EXPECT_EQ(target.scheme, target::Scheme::http);
    EXPECT_EQ(target.transports, std::vector<std::string>{"ntlm"});
    EXPECT_EQ(target.port, 8985);
    EXPECT_EQ(target.ca_file, "");  // Ansible's, and it is http.
    EXPECT_EQ(target.kerberos.kinit_arguments, "");
    EXPECT_EQ(target.operation_timeout, Duration(7'000));
    const auto plan = plans.of("web01");
    EXPECT_EQ(std::get<Reach>(*plan).credential, "account.win");
    EXPECT_FALSE(std::get<Reach>(*plan).password.has_value());
    EXPECT_EQ(plans.notices, "");
}

TEST(Planner, ACredentialThatCannotBeOpenedIsItsHostsError) {
    Plans plans("web01 mullion_credential=account.gone\nweb02 ansible_user=me\n");
    plans.planner.fill_credentials(fill_http);
    EXPECT_NE(plans.error("web01").find("secrets.missing"), std::string::npos);
    EXPECT_EQ(plans.error("web02"), "no error");
}

TEST(Planner, FlagsBesideACredentialAreRefusedButForPortAndTransport) {
    const auto told = [](target::GivenOptions given, bool wants_password = true) {
        Plans plans(line("mullion_credential=account.win"), std::move(given), wants_password);
        plans.planner.fill_credentials(fill_http);
        return plans.error("web01");
    };
    EXPECT_NE(
        told(flag("ansible_user", "me")).find("--user cannot be given beside the credential account.win"),
        std::string::npos);
    EXPECT_NE(told(flag("ansible_winrm_scheme", "http")).find("usage.invalid --scheme"), std::string::npos);
    EXPECT_NE(told(flag("ansible_winrm_keytab", "k")).find("--keytab"), std::string::npos);
    EXPECT_NE(told({}, false).find("a password"), std::string::npos);
    EXPECT_EQ(told(flag("ansible_port", "1")), "no error");
    Plans plans(line("mullion_credential=account.win"), flag("ansible_winrm_transport", "negotiate"));
    plans.planner.fill_credentials(fill_http);
    EXPECT_EQ(plans.target("web01").transports, std::vector<std::string>{"negotiate"});
}

TEST(Planner, AnEndpointOfTheOtherSchemeIsNotTheCredentials) {
    Plans plans(line("mullion_credential=account.win ansible_winrm_endpoint=https://h:81/wsman"));
    plans.planner.fill_credentials(fill_http);
    EXPECT_NE(plans.error("web01").find("the endpoint is https"), std::string::npos);
}

TEST(Planner, AnExpressionBelongsIntoThePasswordAlone) {
    Plans plans(line("ansible_user=\"" + std::string(expression) + "\""));
    EXPECT_NE(plans.error("web01").find("ansible_password alone"), std::string::npos);
}

}  // namespace
}  // namespace mullion::inventory
