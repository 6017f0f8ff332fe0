#include "wql/object_path.h"

#include "wql/tests/support.h"

namespace mullion::wql {
namespace {

ObjectPath path_of(std::string_view text) {
    auto read = parse_object_path(text);
    if (auto* good = std::get_if<ObjectPath>(&read)) return std::move(*good);
    ADD_FAILURE() << text << ": " << std::get<Fault>(read).text();
    return {};
}

TEST(ObjectPath, IsUnderstood) {
    const auto path =
        path_of(R"(\\web-01.example.com\root\cimv2:Win32_X.A="say \"b\" \\",C=5,D=FALSE,E=-1.5)");
    EXPECT_EQ(path.server, "web-01.example.com");
    EXPECT_EQ(path.namespaces, (std::vector<std::string>{"root", "cimv2"}));
    EXPECT_EQ(path.class_name, "Win32_X");
    ASSERT_EQ(path.keys.size(), 4u);
    EXPECT_EQ(path.keys[0], (Key{"A", std::string(R"(say "b" \)")}));
    EXPECT_EQ(path.keys[1], (Key{"C", Number(std::uint64_t{5})}));
    EXPECT_EQ(path.keys[2], (Key{"D", false}));
    EXPECT_EQ(path.keys[3], (Key{"E", Number(-1.5)}));
    EXPECT_FALSE(path.singleton || path.of_class());
    EXPECT_TRUE(path_of("X").of_class());
    EXPECT_TRUE(path_of("X=@").singleton);
    EXPECT_FALSE(path_of("X=@").of_class());
}

const std::pair<const char*, const char*> good[] = {
    {"Win32_Service", "Win32_Service"},           {"__SystemClass", "__SystemClass"},
    {"Win32_Service=@", "Win32_Service=@"},       {"Win32_Service='sshd'", "Win32_Service=\"sshd\""},
    {"Win32_Process=0x1F", "Win32_Process=31"},   {"X.a=true,b=FALSE", "X.a=TRUE,b=FALSE"},
    {"root/cimv2:X.a=1", "root\\cimv2:X.a=1"},    {"root:X", "root:X"},
    {"//./root/cimv2:X", "\\\\.\\root\\cimv2:X"}, {R"(X.a="Y.b=\"c\"")", R"(X.a="Y.b=\"c\"")"},
    {"X.a=\"Größe}{ ,=\"", "X.a=\"Größe}{ ,=\""},
};

TEST(ObjectPath, PrintsAndReadsAsItself) {
    for (const auto& [text, printed] : good) {
        EXPECT_EQ(print(path_of(text)), printed);
        EXPECT_EQ(path_of(printed), path_of(text)) << text;
    }
}

TEST(ObjectPath, FaultsSayWhereAndWhatWasExpected) {
    const struct {
        const char* text;
        std::size_t place;
        const char* expected;
    } rows[] = {
        {"", 0, "the name of a class"},
        {"1X", 0, "the name of a class"},
        {" X", 0, "the name of a class"},
        {"\\\\", 2, "the name of a server"},
        {"\\\\web", 5, "'\\' and a namespace"},
        {"\\\\web\\", 6, "the name of a class"},
        {"\\\\web\\root", 10, "'\\' or ':' behind a namespace"},
        {"\\root:X", 0, "the name of a class"},
        {"root\\cimv2", 10, "'\\' or ':' behind a namespace"},
        {"root\\:X", 5, "the name of a class"},
        {"root:", 5, "the name of a class"},
        {"root:X:Y", 6, "the end of the path"},
        {"X.", 2, "the name of a key"},
        {"X.=1", 2, "the name of a key"},
        {"X.a", 3, "'=' and the value"},
        {"X.a=", 4, "a string in quotes"},
        {"X.a= 1", 4, "a string in quotes"},
        {"X.a=b", 4, "a string in quotes"},
        {"X.a=NULL", 4, "a string in quotes"},
        {"X.a=*", 4, "a string in quotes"},
        {"X.a=@", 4, "a word, a constant"},
        {"X.a='b", 4, "the quote that ends"},
        {"X.a='b\\c'", 6, "\\\\, \\\" or \\'"},
        {"X.a=1b", 4, "a number of at most 64 bits"},
        {"X.a=1,", 6, "the name of a key"},
        {"X.a=1,b", 7, "'=' and the value"},
        {"X.a=1,A=2", 6, "each key once"},
        {"X.a=1 ,b=2", 5, "the end of the path"},
        {"X='a',b='c'", 5, "the end of the path"},
        {"X=@.a=1", 3, "the end of the path"},
        {"X y", 1, "the end of the path"},
    };
    for (const auto& row : rows) {
        const auto read = parse_object_path(row.text);
        const auto* fault = std::get_if<Fault>(&read);
        ASSERT_TRUE(fault) << row.text;
        EXPECT_EQ(fault->place, row.place) << row.text << ": " << fault->text();
        EXPECT_TRUE(fault->expected.starts_with(row.expected)) << row.text << ": " << fault->text();
    }
}

TEST(ObjectPath, KeepsToItsLimits) {
    const PathLimits limits{3, 2, 2};
    for (const char* text : {"abcd", "\\\\abcd\\r:X", "a\\b\\c:X", "abcd:X", "X.a=1,b=2,c=3", "X.abcd=1"}) {
        const auto read = parse_object_path(text, limits);
        ASSERT_TRUE(std::holds_alternative<Fault>(read)) << text;
        EXPECT_EQ(std::get<Fault>(read).wrong, Wrong::limit) << text;
    }
    EXPECT_TRUE(std::holds_alternative<ObjectPath>(parse_object_path("\\\\abc\\a\\b:XYZ.abc=1,b=2", limits)));
}

TEST(ObjectPath, EveryTruncationIsRefusedOrAnotherPath) {
    for (const auto& [whole, printed] : good) {
        for (std::size_t size = 0; size < std::string_view(whole).size(); ++size) {
            const std::string text(whole, size);
            const auto read = parse_object_path(text);
            if (const auto* fault = std::get_if<Fault>(&read)) {
                EXPECT_LE(fault->place, size) << text;
            } else {
                EXPECT_EQ(path_of(print(std::get<ObjectPath>(read))), std::get<ObjectPath>(read)) << text;
            }
        }
    }
}

}  // namespace
}  // namespace mullion::wql
