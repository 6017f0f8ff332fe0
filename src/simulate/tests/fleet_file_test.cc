#include "simulate/fleet_file.h"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "source_dir/source_dir.h"

namespace mullion::simulate {
namespace {

const ReadFile no_files = [](const std::string& path) -> Result<std::string> {
    if (path == "recorded.txt") return std::string("recorded\n");
    if (path == "password") return std::string("from-a-file\r\n");
    return Error{ErrorId::usage_file, path};
};

// Everything that can be said.
constexpr std::string_view whole_file = R"(version: 1
seed: 7
listeners:
  - address: 0.0.0.0
    port: 5985
  - {address: "[::1]", port: 0, scheme: https, host: alone}
identify: {vendor: Contoso, os: 6.3.9600, stack: "2.0"}
accounts:
  - {user: alice, password: secret}
  - {user: bob, password_file: password, administrator: false}
settings:
  Service:
    Auth: {Basic: true}
  Winrs/MaxShellsPerUser: 5
operations_per_shell: 15
otherwise: {stderr: "what?\n", exit_code: 9009}
profiles:
  windows:
    settings: {Winrs/MaxShellsPerUser: 30}
    answers:
      - command: ver
        stdout: "Microsoft Windows\n"
      - {glob: "dir *", stdout_file: recorded.txt, exit_code: 0}
      - {regex: "^exit (\\d+)$", exit_code: 3}
      - {contains: Get-Date, as: powershell, stdout: "now\n", templates: false}
      - {command: big, stdout: "x", size: 1MB, chunk_size: 4KiB, chunk_delay: 1ms}
      - command: both
        delay: 10ms
        chunks:
          - {stdout: "a\n"}
          - {stderr: "b\n", delay: 60ms, repeat: 2}
        exit_delay: 1s
        done: separately
      - {command: cat, stdin: echo}
      - {command: ask, stdin: {contains: "yes"}, stdout: "fine\n", newlines: as_is}
hosts:
  - name: web[01:03]
    address: 127.1.0.254
    profile: windows
  - name: alone
    accounts: [{user: carol, password: other}]
    answers: [{command: ver, stdout: "mine\n"}]
    profile: windows
faults:
  - {host: "web*", step: receive, glob: "dir*", nth: 2, do: drop, when: after}
  - {host: [web01, alone], step: create, every: 3, do: fault, code: 0x803381A6}
  - {step: connect, probability: 0.25, times: 4, do: stall, for: 2s}
  - {step: send, do: slow, bytes: 10, pause: 20ms}
  - {step: handshake, do: http, status: 503}
  - {step: delete, do: truncate, bytes: 20}
)";

Result<Fleet> read(std::string_view text) {
    return read_fleet(text, no_files);
}

TEST(FleetFile, SaysEverything) {
    auto fleet = read(whole_file);
    ASSERT_TRUE(fleet.ok()) << fleet.error().message();
    EXPECT_EQ(fleet->seed, 7u);
    ASSERT_EQ(fleet->hosts.size(), 4u);
    EXPECT_EQ(fleet->hosts[2].name, "web03");
    EXPECT_EQ(fleet->hosts[2].address, "127.1.1.0");
    EXPECT_EQ(fleet->hosts[0].kind, fleet->hosts[2].kind);
    const HostKind& web = *fleet->hosts[0].kind;
    EXPECT_EQ(web.product.vendor, "Contoso");
    EXPECT_EQ(web.product.release, "6.3.9600");
    EXPECT_EQ(web.product.stack, "2.0");
    EXPECT_TRUE(web.settings.basic);
    EXPECT_EQ(web.settings.max_shells_per_user, 30u);  // The profile over the top.
    EXPECT_EQ(web.operations_per_shell, 15u);
    ASSERT_EQ(web.accounts->size(), 2u);
    EXPECT_TRUE(web.accounts->at(1).password.same_as(Secret("from-a-file")));
    EXPECT_FALSE(web.accounts->at(1).administrator);
    EXPECT_EQ(web.otherwise->exit_code, 9009u);
    ASSERT_EQ(web.answers.size(), 8u);
    EXPECT_EQ(web.answers[0]->pieces.at(0).text, "Microsoft Windows\r\n");
    EXPECT_EQ(web.answers[1]->pieces.at(0).text, "recorded\r\n");
    EXPECT_EQ(web.answers[4]->pieces.at(0).size, 1'000'000u);
    EXPECT_EQ(web.answers[5]->pieces.at(0).delay, Duration(10));
    EXPECT_EQ(web.answers[5]->pieces.at(1).repeat, 2u);
    EXPECT_EQ(web.answers[7]->pieces.at(0).text, "fine\n");

    const HostKind& alone = *fleet->hosts[3].kind;
    EXPECT_TRUE(fleet->hosts[3].address.empty());
    ASSERT_EQ(alone.accounts->size(), 1u);
    EXPECT_EQ(alone.accounts->at(0).user, "carol");
    EXPECT_EQ(alone.answers[0]->pieces.at(0).text, "mine\r\n");  // The host's own go first.
    ASSERT_EQ(fleet->listeners.size(), 2u);
    EXPECT_EQ(fleet->listeners[1].address, "::1");
    EXPECT_EQ(fleet->listeners[1].host, 3u);
    ASSERT_EQ(fleet->faults.size(), 6u);
    EXPECT_TRUE(fleet->faults[0].after);
    EXPECT_EQ(fleet->faults[1].code, 0x803381A6u);
    EXPECT_EQ(fleet->faults[2].probability, 0.25);
    EXPECT_EQ(fleet->faults[2].how_long, Duration(2000));
    EXPECT_EQ(fleet->faults[5].step, Step::remove);
}

TEST(FleetFile, NamesAKeytabThatIsThere) {
    const std::string rest = "accounts: [{user: a, password: b}]\nhosts: [{name: a}]\n";
    auto fleet = read("version: 1\nkeytab: recorded.txt\n" + rest);
    ASSERT_TRUE(fleet.ok()) << fleet.error().message();
    EXPECT_EQ(fleet->keytab, "recorded.txt");
    EXPECT_FALSE(read("version: 1\nkeytab: missing\n" + rest).ok());
    EXPECT_FALSE(read("version: 1\nkeytab: ''\n" + rest).ok());
    fleet = read("version: 1\n" + rest);
    ASSERT_TRUE(fleet.ok());
    EXPECT_TRUE(fleet->keytab.empty());
}

TEST(FleetFile, EveryTruncationIsAnErrorOrAPrefix) {
    int refused = 0;
    for (std::size_t length = 0; length < whole_file.size(); ++length) {
        const auto fleet = read(whole_file.substr(0, length));
        if (fleet.ok()) {
            EXPECT_LE(fleet->hosts.size(), 4u);
            EXPECT_LE(fleet->faults.size(), 6u);
            continue;
        }
        ++refused;
        EXPECT_TRUE(fleet.error().id == ErrorId::fleet_file_invalid ||
                    fleet.error().id == ErrorId::usage_file)
            << length;
    }
    EXPECT_GT(refused, 1000);  // There are no hosts before the middle.
}

// What is wrong, where, and what was meant: each as the one line that is wrong, under a file that is right.
void expect_refused(const std::string& lines, const std::string& place, const std::string& what) {
    const std::string text = "version: 1\naccounts: [{user: a, password: b}]\n" + lines;
    const auto fleet = read(text);
    ASSERT_FALSE(fleet.ok()) << text;
    EXPECT_EQ(fleet.error().id, ErrorId::fleet_file_invalid);
    EXPECT_NE(fleet.error().detail.find(place), std::string::npos) << fleet.error().detail;
    EXPECT_NE(fleet.error().detail.find(what), std::string::npos) << fleet.error().detail;
}

TEST(FleetFile, NamesTheLineAndTheNearestKey) {
    const std::string hosts = "hosts: [{name: x}]\n";
    expect_refused("host: []\n", "line 3", "did you mean hosts?");
    expect_refused("hosts:\n  - name: x\n    adress: 127.0.0.1\n", "line 5", "did you mean address?");
    expect_refused(hosts + "answers:\n  - {command: ver, stdot: x}\n", "line 5", "did you mean stdout?");
    expect_refused(hosts + "faults:\n  - {step: create, du: drop}\n", "line 5", "did you mean do?");
    expect_refused(hosts + "settings: {Service/Auth/Basik: true}\n", "line 4",
                   "did you mean Service/Auth/Basic?");
    expect_refused("profiles: {windows: {}}\nhosts: [{name: x, profile: window}]\n", "line 4",
                   "did you mean windows?");
    expect_refused(hosts + "cim: {}\n", "line 4", "cim is a list");
}

TEST(FleetFile, RefusesWhatMakesNoSense) {
    const std::string hosts = "hosts: [{name: x}]\n";
    expect_refused("", "line 1", "no hosts");
    expect_refused("hosts: [{name: x}, {name: x, address: 127.0.0.2}]\n", "line 3", "two hosts x");
    expect_refused("hosts: [{name: x}, {name: y}]\n", "line 3", "without an address");
    expect_refused("hosts: [{name: x, address: 127.0.0.2}, {name: y, address: 127.0.0.2}]\n", "line 3",
                   "127.0.0.2");
    expect_refused("hosts: [{name: x, address: somewhere}]\n", "line 3", "somewhere");
    expect_refused("hosts: [{name: 'web[1:]'}]\n", "line 3", "range");
    expect_refused("hosts: [{name: 'web[1:999999]'}]\n", "line 3", "range");
    expect_refused(hosts + "answers: [{stdout: x}]\n", "line 4", "needs one of");
    expect_refused(hosts + "answers: [{command: x, glob: y}]\n", "line 4", "needs one of");
    expect_refused(hosts + "answers: [{command: x, size: 5}]\n", "line 4", "stdout");
    expect_refused(hosts + "answers: [{regex: '('}]\n", "line 4", "regex");
    expect_refused(hosts + "answers: [{command: x, delay: soon}]\n", "line 4", "time");
    expect_refused(hosts + "answers: [{command: x, exit_code: ok}]\n", "line 4", "32 bits");
    expect_refused(hosts + "listeners: [{scheme: ftp}]\n", "line 4", "http or https");
    expect_refused(hosts + "listeners: [{address: nowhere}]\n", "line 4", "nowhere");
    expect_refused(hosts + "listeners: [{host: y}]\n", "line 4", "no host y");
    expect_refused(hosts + "listeners: [{certificate: recorded.txt, scheme: https}]\n", "line 4", "together");
    expect_refused(hosts + "faults: [{do: drop}]\n", "line 4", "needs step and do");
    expect_refused(hosts + "faults: [{step: connect, do: garble}]\n", "line 4", "cannot be done");
    expect_refused(hosts + "faults: [{step: create, do: fault}]\n", "line 4", "code");
    expect_refused(hosts + "faults: [{step: create, do: drop, code: 5}]\n", "line 4", "code");
    expect_refused(hosts + "faults: [{step: create, command: x, do: drop}]\n", "line 4",
                   "a command is known");
    expect_refused(hosts + "faults: [{step: create, do: drop, nth: 1, every: 2}]\n", "line 4", "exclude");
    expect_refused(hosts + "faults: [{step: create, do: garble, when: after}]\n", "line 4", "when is for");
    expect_refused(hosts + "faults: [{step: create, do: delay}]\n", "line 4", "needs for");
    expect_refused(hosts + "faults: [{step: create, do: drop, probability: 2}]\n", "line 4", "0 to 1");
    expect_refused(hosts + "version: 1\n", "line 4", "twice");
}

std::string content_of(const std::string& path) {
    std::ifstream file(source_dir() + "/" + path);
    EXPECT_TRUE(file) << path;
    return {std::istreambuf_iterator<char>(file), {}};
}

TEST(FleetFile, TheSchemaHasTheSameKeys) {
    const auto schema = nlohmann::json::parse(content_of("docs/formats/fleet.schema.json"));
    const auto names = [](const nlohmann::json& object) {
        EXPECT_EQ(object.at("additionalProperties"), false);
        std::set<std::string> out;
        for (const auto& [name, value] : object.at("properties").items()) out.insert(name);
        return out;
    };
    for (const auto& [kind, keys] : fleet_keys()) {
        const auto& definitions = schema.at("$defs");
        if (kind.empty())
            EXPECT_EQ(names(schema), keys);
        else if (kind == "identify")
            EXPECT_EQ(names(schema.at("properties").at("identify")), keys);
        else if (kind == "stdin")
            EXPECT_EQ(names(definitions.at("answer").at("properties").at("stdin").at("oneOf").at(1)), keys);
        else
            EXPECT_EQ(names(definitions.at(kind)), keys) << kind;
    }
}

TEST(FleetFile, TheExamplesAreRight) {
    for (const char* name : {"windows", "faults", "ten-thousand"}) {
        const auto fleet = read(content_of(std::string("examples/fleets/") + name + ".yml"));
        EXPECT_TRUE(fleet.ok()) << name << ": " << (fleet.ok() ? "" : fleet.error().message());
    }
}

TEST(FleetFile, WantsItsVersionAndAccounts) {
    EXPECT_FALSE(read("accounts: [{user: a, password: b}]\nhosts: [{name: x}]\n").ok());
    EXPECT_FALSE(read("version: 2\naccounts: [{user: a, password: b}]\nhosts: [{name: x}]\n").ok());
    EXPECT_FALSE(read("version: 1\nhosts: [{name: x}]\n").ok());
    EXPECT_FALSE(read("version: 1\nhosts: [{name: x}]\naccounts: [{user: a}]\n").ok());
    EXPECT_FALSE(read("version: 1\nhosts: [{name: x}]\naccounts: [{user: 'D\\a', password: b}]\n").ok());
    EXPECT_TRUE(read("version: 1\nhosts: [{name: x}]\naccounts: [{user: a, password: b}]\n").ok());
    const auto missing = read("version: 1\nhosts: [{name: x}]\naccounts: [{user: a, password_file: gone}]\n");
    ASSERT_FALSE(missing.ok());
    EXPECT_EQ(missing.error().id, ErrorId::usage_file);
}

}  // namespace
}  // namespace mullion::simulate
