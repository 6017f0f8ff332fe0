#include "winrm/command_line.h"

#include <gtest/gtest.h>

#include "winrm/help.h"
#include "winrm/resource.h"
#include "wsman/uris.h"

namespace mullion::winrm {
namespace {

Result<CommandLine> parse(std::vector<std::string_view> words) {
    return parse_command_line(words);
}

Request request_of(std::vector<std::string_view> words) {
    auto line = parse(std::move(words));
    EXPECT_TRUE(line.ok()) << line.error().detail;
    auto* request = line.ok() ? std::get_if<Request>(&*line) : nullptr;
    EXPECT_NE(request, nullptr);
    return request != nullptr ? std::move(*request) : Request();
}

std::string refusal(std::vector<std::string_view> words) {
    const auto line = parse(std::move(words));
    return line.ok() ? "accepted" : line.error().detail;
}

constexpr std::string_view invalid_use = "Invalid use of command line. Type \"winrm -?\" for help.";

bool says(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

TEST(Operations, HaveTheirAliases) {
    const std::pair<std::vector<std::string_view>, Operation> rows[] = {
        {{"get", "g"}, Operation::get},
        {{"create", "c"}, Operation::create},
        {{"delete", "d"}, Operation::remove},
        {{"enumerate", "e", "enum", "ENUM"}, Operation::enumerate},
        {{"configSDDL", "configsddl"}, Operation::configsddl},
    };
    for (const auto& [names, operation] : rows) {
        for (const auto name : names)
            EXPECT_EQ(request_of({name, "winrm/config"}).operation, operation) << name;
    }
    for (const auto name : {"set", "s", "put", "p"})
        EXPECT_EQ(request_of({name, "winrm/config", "@{A=\"1\"}"}).operation, Operation::set) << name;
    for (const auto name : {"invoke", "i"}) {
        const auto request = request_of({name, "Restore", "winrm/config", "@{}"});
        EXPECT_EQ(request.operation, Operation::invoke);
        EXPECT_EQ(request.action, "Restore");
    }
    for (const auto name : {"identify", "id", "Id"})
        EXPECT_EQ(request_of({name}).operation, Operation::identify);
    for (const auto name : {"quickconfig", "qc"})
        EXPECT_EQ(request_of({name}).operation, Operation::quickconfig) << name;
    EXPECT_TRUE(request_of({"configSDDL", "Default"}).root_sddl);
}

TEST(Operations, RefuseTheWrongNumberOfWords) {
    const std::vector<std::string_view> lines[] = {
        {"get"},         {"get", "a", "b"},         {"set", "@{A=\"1\"}"},
        {"create"},      {"delete", "a", "b"},      {"enumerate"},
        {"invoke", "a"}, {"identify", "a"},         {"quickconfig", "a"},
        {"configSDDL"},  {"invoke", "a", "b", "c"},
    };
    for (const auto& line : lines) EXPECT_TRUE(says(refusal(line), invalid_use)) << line[0];
    EXPECT_EQ(refusal({"helpmsg", "1", "2"}),
              "Error: Invalid use of command line. Type \"winrm -?\" for help.");
    // Switches stand behind the positionals.
    EXPECT_TRUE(says(refusal({"get", "-r:web01", "winrm/config"}), invalid_use));
    EXPECT_TRUE(says(refusal({"get", "winrm/config", "@{A=\"1\"}", "@{B=\"1\"}"}), invalid_use));
}

TEST(Operations, ThatAreUnknownAreNamed) {
    EXPECT_TRUE(says(refusal({"Gett", "a"}), "Unknown operation name: \"gett\""));
    EXPECT_EQ(parse({"gett", "a"}).error().advice.at(0), "Did you mean get?");
}

TEST(Operations, TakeTheirSwitchesAndNoOthers) {
    const std::string_view everywhere[] = {"-r:web01", "-format:xml"};
    for (const auto word : everywhere) {
        for (const auto name : {"get", "delete", "enumerate"})
            EXPECT_EQ(refusal({name, "u", word}), "accepted");
        EXPECT_EQ(refusal({"identify", word}), "accepted");
    }
    const std::string_view document[] = {"-options:{A=\"1\"}", "-fragment:a", "-dialect:xpath"};
    for (const auto word : document) {
        EXPECT_EQ(refusal({"get", "u", word}), "accepted") << word;
        EXPECT_TRUE(says(refusal({"id", word}), "Switch not allowed with the given operation: ")) << word;
    }
    const std::string_view enumeration[] = {"-returnType:epr", "-shallow", "-basePropertiesOnly"};
    for (const auto word : enumeration) {
        EXPECT_EQ(refusal({"e", "u", word}), "accepted") << word;
        EXPECT_TRUE(says(refusal({"get", "u", word}), "Switch not allowed with the given operation: "))
            << word;
    }
    for (const auto word : {"-quiet", "-q", "-transport:https", "-force"}) {
        EXPECT_EQ(refusal({"qc", word}), "accepted") << word;
        EXPECT_TRUE(says(refusal({"get", "u", word}), "Switch not allowed with the given operation: "))
            << word;
    }
    EXPECT_TRUE(says(refusal({"qc", "-r:web01"}), "Switch not allowed with the given operation: remote"));
    EXPECT_TRUE(
        says(refusal({"get", "u", "-filter:a"}), "Switch not allowed with the given operation: filter"));
}

TEST(Operations, ThatTakeNoInputRefuseIt) {
    for (const auto name : {"get", "delete", "enumerate"}) {
        EXPECT_TRUE(says(refusal({name, "u", "@{A=\"1\"}"}),
                         "Input was supplied to an operation that does not accept input."));
        EXPECT_TRUE(says(refusal({name, "u", "-file:a"}),
                         "Input was supplied to an operation that does not accept input."));
    }
    EXPECT_TRUE(says(refusal({"set", "u"}), "No input provided"));
    EXPECT_TRUE(says(refusal({"set", "u", "@{A=\"1\"}", "-file:a"}), "-file"));
    EXPECT_EQ(request_of({"set", "u", "-file:in.xml"}).file, "in.xml");
}

TEST(Switches, OfAnyCaseWithEitherPrefix) {
    for (const auto word : {"-format:XML", "/FORMAT:xml", "-f:xml", "-Format:#xml", "-f:\"xml\""})
        EXPECT_EQ(request_of({"get", "u", word}).format, Format::xml) << word;
    EXPECT_EQ(request_of({"get", "u", "-f:pretty"}).format, Format::pretty);
    EXPECT_EQ(request_of({"get", "u", "-f:#text"}).format, Format::text);
    EXPECT_EQ(request_of({"get", "u"}).format, Format::text);
    EXPECT_TRUE(says(refusal({"get", "u", "-f:json"}), "json"));
}

TEST(Switches, EachAliasIsItsSwitch) {
    for (const auto& row : switch_table()) {
        EXPECT_EQ(find_switch(row.name), &row);
        for (const auto alias : row.aliases) EXPECT_EQ(find_switch(alias), &row) << alias;
    }
    const std::pair<std::string_view, SwitchId> names[] = {
        {"r", SwitchId::remote},
        {"machine", SwitchId::remote},
        {"u", SwitchId::username},
        {"p", SwitchId::password},
        {"auth", SwitchId::authentication},
        {"a", SwitchId::authentication},
        {"c", SwitchId::certificate},
        {"ssl", SwitchId::usessl},
        {"un", SwitchId::unencrypted},
        {"pac", SwitchId::proxy_access},
        {"pa", SwitchId::proxy_authentication},
        {"pu", SwitchId::proxy_username},
        {"pp", SwitchId::proxy_password},
        {"f", SwitchId::format},
        {"q", SwitchId::quiet},
        {"SkipCAcheck", SwitchId::skip_ca_check},
        {"skipCNcheck", SwitchId::skip_cn_check},
        {"skipRevocationcheck", SwitchId::skip_revocation_check},
    };
    for (const auto& [name, id] : names) {
        ASSERT_NE(find_switch(name), nullptr) << name;
        EXPECT_EQ(find_switch(name)->id, id) << name;
    }
}

TEST(Switches, ThatAreWrongAreNamed) {
    EXPECT_TRUE(says(refusal({"get", "u", "-colour:red"}), "Unknown switch: colour"));
    EXPECT_TRUE(says(refusal({"get", "u", "-f:xml", "-FORMAT:text"}), "Option is not unique: format"));
    EXPECT_TRUE(says(refusal({"get", "u", "-r:a", "-machine:a"}), "Option is not unique: remote"));
    EXPECT_TRUE(says(refusal({"get", "u", "-:a"}), "Missing switch name"));
    EXPECT_TRUE(says(refusal({"get", "u", "-timeout"}), "timeout"));
    EXPECT_TRUE(says(refusal({"get", "u", "-r:\"a"}), "quote"));
    EXPECT_TRUE(says(refusal({"get", "u", "-r:a", "-ssl:yes"}), "takes no value"));
    EXPECT_EQ(parse({"get", "u", "-formt:xml"}).error().advice.at(0), "Did you mean -format?");
}

TEST(Switches, OfTheScriptHostAreIgnored) {
    EXPECT_EQ(request_of({"//nologo", "get", "u", "--anything"}).operation, Operation::get);
}

TEST(Switches, ExpandTheEnvironmentButNotPasswords) {
    const auto environment = [](const char* name) -> const char* {
        return std::string_view(name) == "HOST" ? "web01" : nullptr;
    };
    const std::string_view words[] = {
        "e", "u", "-r:%HOST%", "-u:%HOST%\\a%", "-p:%HOST%", "-filter:a like \"%b%\" %HOST%"};
    auto line = parse_command_line(words, environment);
    ASSERT_TRUE(line.ok()) << line.error().detail;
    const auto& request = std::get<Request>(*line);
    EXPECT_EQ(request.connection.remote->host, "web01");
    EXPECT_EQ(request.connection.user, "web01\\a%");
    EXPECT_TRUE(request.connection.password->same_as(Secret("%HOST%")));
    EXPECT_EQ(request.query.filter, "a like \"%b%\" web01");
}

TEST(Input, IsPutTogetherWhereAShellCutIt) {
    const auto request = request_of({"create", "u", "@{A=\"1", "2\";B=$null}", "-f:xml"});
    ASSERT_EQ(request.input.size(), 2U);
    EXPECT_TRUE(request.input[0].value->same_as(Secret("1 2")));
    EXPECT_FALSE(request.input[1].value);
    EXPECT_EQ(request.format, Format::xml);
    EXPECT_EQ(request_of({"get", "u", "-options:{A=\"1", "2\"}"}).options.at(0).value, "1 2");
    EXPECT_TRUE(says(refusal({"create", "u", "@{A=\"1\""}),
                     "Syntax Error: input must be of the form {KEY=\"VALUE\"[;KEY=\"VALUE\"]}"));
}

TEST(ClearParts, ArePasswordsAndAllOfTheInput) {
    const std::string_view words[] = {"create",  "u", "-P:one", "-proxypassword:two",
                                      "@{A=\"1", "",  "2\"}",   "-u:me"};
    const auto parts = clear_parts(words);
    const std::vector<std::string_view> expected = {"one", "two", "@{A=\"1", "2\"}"};
    EXPECT_EQ(parts, expected);
    EXPECT_TRUE(gives_password(words));
    EXPECT_FALSE(gives_password(std::span(words).last(3)));
}

TEST(ClearParts, TellOfAPasswordInTheInput) {
    const auto gives = [](std::vector<std::string_view> words) { return bag_gives_password(words); };
    EXPECT_TRUE(gives({"create", "u", "@{UserName=\"u\";Password=\"p\"}"}));
    EXPECT_TRUE(gives({"set", "u", "@{RunAsPassword=p}"}));
    EXPECT_TRUE(gives({"set", "u", "@{ PASSWORD = \\\"p\\\" }"}));
    EXPECT_TRUE(gives({"set", "u", "@{A=\"1", "2\";Password=\"p\"}"}));
    EXPECT_TRUE(gives({"set", "u", "@{Password=\"p"})) << "what cannot be read may be one too";
    EXPECT_FALSE(gives({"set", "u", "@{UserName=\"u\"}"}));
    EXPECT_FALSE(gives({"set", "u", "@{Password=\"\"}"}));
    EXPECT_FALSE(gives({"set", "u", "@{Password=$null;A=\"1\"}"}));
    EXPECT_FALSE(gives({"set", "u", "@{A=\"the password\"}"}));
    EXPECT_FALSE(gives({"set", "Password=1", "-filter:Password=1"}));
    EXPECT_FALSE(gives({"set", "u", "@"}));
}

TEST(Help, IsAskedForInEveryWay) {
    const auto topic = [](std::vector<std::string_view> words) {
        auto line = parse(std::move(words));
        EXPECT_TRUE(line.ok());
        return line.ok() ? std::get<Help>(*line).topic : std::string();
    };
    EXPECT_EQ(topic({}), "help");
    EXPECT_EQ(topic({"-?"}), "help");
    EXPECT_EQ(topic({"/?"}), "help");
    EXPECT_EQ(topic({"help"}), "help");
    EXPECT_EQ(topic({"--help"}), "help");
    EXPECT_EQ(topic({"e", "-?"}), "enumerate");
    EXPECT_EQ(topic({"help", "Qc"}), "quickconfig");
    EXPECT_EQ(topic({"help", "uris"}), "uris");
    EXPECT_EQ(topic({"helpmsg"}), "helpmsg");
    for (const auto* word : {"-?", "/?", "--help"}) EXPECT_EQ(topic({"helpmsg", word}), "helpmsg") << word;
}

TEST(HelpMessage, RefusesWhatIsNoNumber) {
    for (const std::string word : {"bogus", "0x", "5 ", "4294967296", ""}) {
        const auto line = parse({"helpmsg", word});
        ASSERT_FALSE(line.ok()) << word;
        EXPECT_EQ(line.error().detail, "Error: Invalid error code: \"" + word + "\"");
        EXPECT_EQ(line.error().advice.size(), 1U);
    }
    EXPECT_EQ(request_of({"helpmsg", "-5"}).error_code, 0xFFFFFFFBU);
    EXPECT_TRUE(says(refusal({"helpmsg", "5", "6"}), "Invalid use of command line."));
}

TEST(Help, HasAPageForEveryTopicAndOperation) {
    for (const auto name : help_topics()) EXPECT_TRUE(help_text(name)) << name;
    for (int at = 0; at <= static_cast<int>(Operation::helpmsg); ++at)
        EXPECT_TRUE(help_text(to_string(static_cast<Operation>(at)))) << at;
    EXPECT_TRUE(help_text("help"));
    EXPECT_FALSE(help_text("nonsense"));
    for (const auto& alias :
         std::vector<std::string_view>{"winrm", "wsman", "wmi", "wmicimv2", "cimv2", "shell"})
        EXPECT_TRUE(says(*help_text("aliases"), alias));
    EXPECT_EQ(aliases().size(), 6U) << "as Windows has them, and no more";
    for (const auto name : help_topics()) EXPECT_TRUE(says(*help_text("help"), name)) << name;
    for (const auto& row : switch_table()) {
        if (row.id == SwitchId::help) continue;
        const auto page = *help_text("switches");
        std::string small;
        for (const char c : page) small += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        const auto name = row.name == "proxyauthentication" ? std::string_view("proxyauth") : row.name;
        EXPECT_TRUE(says(small, "-" + std::string(name))) << row.name;
    }
}

TEST(HelpMessage, TakesACodeInAnySpelling) {
    for (const auto text : {"0x80338012", "2150858770", "-2144108526", "0X80338012"})
        EXPECT_EQ(request_of({"helpmsg", text}).error_code, 0x80338012U) << text;
}

TEST(CommandLine, EveryTruncationIsTakenOrRefused) {
    const std::string_view words[] = {"enumerate",
                                      "wmicimv2/*?A=\"b+c\"+D=e",
                                      "-r:https://[::1]:5986/wsman",
                                      "-filter:\"select * from x\"",
                                      "-options:{A=\"1\";B=$null}",
                                      "-returnType:epr",
                                      "-p:\"a b\"",
                                      "-u:me"};
    for (std::size_t word = 0; word < std::size(words); ++word) {
        for (std::size_t length = 0; length < words[word].size(); ++length) {
            std::vector<std::string_view> line(words, words + word);
            line.push_back(words[word].substr(0, length));
            const auto read = parse(line);
            if (!read.ok()) {
                EXPECT_EQ(read.error().id, ErrorId::usage_invalid);
            }
            for (const auto part : clear_parts(line)) EXPECT_FALSE(part.empty());
        }
    }
    for (std::size_t length = 0; length < 40; ++length) {
        const auto bag = std::string_view("@{Hostname=\"web01\";Proxy=$null;Port=5986}").substr(0, length);
        EXPECT_NE(refusal({"create", "u", bag}), "accepted") << bag;
    }
    const std::string long_word(2 * 1024 * 1024, 'a');
    EXPECT_TRUE(says(refusal({"get", long_word}), "1 MiB"));
}

}  // namespace
}  // namespace mullion::winrm
