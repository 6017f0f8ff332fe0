#include "wql/parse.h"

#include "wql/tests/support.h"

namespace mullion::wql {
namespace {

struct Row {
    const char *text, *printed;
};

// Text and the same as it is printed: no more blanks and parentheses than it needs, and <> for !=.
const Row selects[] = {
    {"SELECT * FROM Win32_Service", "SELECT * FROM Win32_Service"},
    {"select*from Win32_Service", "SELECT * FROM Win32_Service"},
    {"\t\r\n SeLeCt  *\nFrOm\tWin32_Service \n", "SELECT * FROM Win32_Service"},
    {"SELECT Name FROM Win32_Service", "SELECT Name FROM Win32_Service"},
    {"SELECT Name,State , StartMode FROM Win32_Service", "SELECT Name, State, StartMode FROM Win32_Service"},
    {"SELECT Win32_Service.Name, win32_service.State FROM Win32_Service",
     "SELECT Name, State FROM Win32_Service"},
    {"SELECT A.A.A FROM A WHERE a.b.A = 1", "SELECT A FROM A WHERE b.A = 1"},
    {"SELECT TargetInstance.Name, a.b.c FROM X", "SELECT TargetInstance.Name, a.b.c FROM X"},
    {"SELECT __CLASS, __PATH FROM CIM_Service", "SELECT __CLASS, __PATH FROM CIM_Service"},
    {"SELECT * FROM meta_class WHERE __this ISA \"CIM_Service\"",
     "SELECT * FROM meta_class WHERE __this ISA \"CIM_Service\""},
    // Words that are reserved elsewhere only.
    {"SELECT Count, Top, Distinct, Of, By FROM Within WHERE Group = 1 AND Having = 2 AND In = 3",
     "SELECT Count, Top, Distinct, Of, By FROM Within WHERE Group = 1 AND Having = 2 AND In = 3"},
    {"SELECT Distinct FROM X", "SELECT Distinct FROM X"},
    // Operators.
    {"SELECT * FROM X WHERE a=1", "SELECT * FROM X WHERE a = 1"},
    {"SELECT * FROM X WHERE a<>1", "SELECT * FROM X WHERE a <> 1"},
    {"SELECT * FROM X WHERE a!=1", "SELECT * FROM X WHERE a <> 1"},
    {"SELECT * FROM X WHERE a<1", "SELECT * FROM X WHERE a < 1"},
    {"SELECT * FROM X WHERE a>1", "SELECT * FROM X WHERE a > 1"},
    {"SELECT * FROM X WHERE a<=1", "SELECT * FROM X WHERE a <= 1"},
    {"SELECT * FROM X WHERE a>=1", "SELECT * FROM X WHERE a >= 1"},
    {"SELECT * FROM X WHERE a like 'b%'", "SELECT * FROM X WHERE a LIKE \"b%\""},
    {"SELECT * FROM X WHERE a isa 'B'", "SELECT * FROM X WHERE a ISA \"B\""},
    {"SELECT * FROM X WHERE a is null", "SELECT * FROM X WHERE a IS NULL"},
    {"SELECT * FROM X WHERE a is not null", "SELECT * FROM X WHERE a IS NOT NULL"},
    {"SELECT * FROM X WHERE a = NULL", "SELECT * FROM X WHERE a IS NULL"},
    {"SELECT * FROM X WHERE a != null", "SELECT * FROM X WHERE a IS NOT NULL"},
    {"SELECT * FROM X WHERE NULL <> a", "SELECT * FROM X WHERE a IS NOT NULL"},
    // The constant in front.
    {"SELECT * FROM X WHERE 1 = a", "SELECT * FROM X WHERE a = 1"},
    {"SELECT * FROM X WHERE 1 <> a", "SELECT * FROM X WHERE a <> 1"},
    {"SELECT * FROM X WHERE 1 < a", "SELECT * FROM X WHERE a > 1"},
    {"SELECT * FROM X WHERE 1 > a", "SELECT * FROM X WHERE a < 1"},
    {"SELECT * FROM X WHERE 1 <= a AND 'b' = c", "SELECT * FROM X WHERE a >= 1 AND c = \"b\""},
    {"SELECT * FROM X WHERE 1 >= a.b", "SELECT * FROM X WHERE a.b <= 1"},
    {"SELECT * FROM X WHERE TRUE = a", "SELECT * FROM X WHERE a = TRUE"},
    // Constants.
    {"SELECT * FROM X WHERE a = -5 AND b = +5 AND c = 007",
     "SELECT * FROM X WHERE a = -5 AND b = 5 AND c = 7"},
    {"SELECT * FROM X WHERE a = 0x1F AND b = 0XFFFFFFFFFFFFFFFF AND c = -0x8000000000000000",
     "SELECT * FROM X WHERE a = 31 AND b = 18446744073709551615 AND c = -9223372036854775808"},
    {"SELECT * FROM X WHERE a = 1.50 AND b = 1e3 AND c = -2.5E-3 AND d = 1. AND e = 1e+22",
     "SELECT * FROM X WHERE a = 1.5 AND b = 1000.0 AND c = -0.0025 AND d = 1.0 AND e = 1e+22"},
    {"SELECT * FROM X WHERE a = true AND b <> FALSE", "SELECT * FROM X WHERE a = TRUE AND b <> FALSE"},
    {"SELECT * FROM X WHERE a = '' AND b = \"\"", "SELECT * FROM X WHERE a = \"\" AND b = \"\""},
    {"SELECT * FROM X WHERE a = 'say \"b\"' AND c = \"it's\"",
     R"(SELECT * FROM X WHERE a = "say \"b\"" AND c = "it's")"},
    {R"(SELECT * FROM X WHERE a = 'it\'s' AND b = "say \"c\"" AND d = "C:\\e\\")",
     R"(SELECT * FROM X WHERE a = "it's" AND b = "say \"c\"" AND d = "C:\\e\\")"},
    {"SELECT * FROM X WHERE a = 'Grün € 😀'", "SELECT * FROM X WHERE a = \"Grün € 😀\""},
    // LIKE has no escapes but the doubled backslash and those of quotes.
    {R"(SELECT * FROM X WHERE a LIKE 'C:\temp%')", R"(SELECT * FROM X WHERE a LIKE "C:\\temp%")"},
    {R"(SELECT * FROM X WHERE a LIKE 'C:\\temp%' AND b LIKE "%\"%")",
     R"(SELECT * FROM X WHERE a LIKE "C:\\temp%" AND b LIKE "%\"%")"},
    {"SELECT * FROM X WHERE a LIKE '%[_][_]%' AND b LIKE '[^a-f-][[]'",
     "SELECT * FROM X WHERE a LIKE \"%[_][_]%\" AND b LIKE \"[^a-f-][[]\""},
    // NOT before AND before OR.
    {"SELECT * FROM X WHERE a=1 OR b=2 AND c=3", "SELECT * FROM X WHERE a = 1 OR b = 2 AND c = 3"},
    {"SELECT * FROM X WHERE a=1 OR (b=2 AND c=3)", "SELECT * FROM X WHERE a = 1 OR b = 2 AND c = 3"},
    {"SELECT * FROM X WHERE (a=1 OR b=2) AND c=3", "SELECT * FROM X WHERE (a = 1 OR b = 2) AND c = 3"},
    {"SELECT * FROM X WHERE NOT a=1 AND b=2", "SELECT * FROM X WHERE NOT a = 1 AND b = 2"},
    {"SELECT * FROM X WHERE (NOT a=1) AND b=2", "SELECT * FROM X WHERE NOT a = 1 AND b = 2"},
    {"SELECT * FROM X WHERE NOT (a=1 AND b=2)", "SELECT * FROM X WHERE NOT (a = 1 AND b = 2)"},
    {"SELECT * FROM X WHERE NOT(a=1)", "SELECT * FROM X WHERE NOT a = 1"},
    {"SELECT * FROM X WHERE NOT NOT a=1", "SELECT * FROM X WHERE NOT NOT a = 1"},
    {"SELECT * FROM X WHERE ((a=1))", "SELECT * FROM X WHERE a = 1"},
    {"SELECT * FROM X WHERE(a=1)AND(b=2)OR(c=3)", "SELECT * FROM X WHERE a = 1 AND b = 2 OR c = 3"},
    {"SELECT * FROM X WHERE a=1 AND (b=2 AND c=3)", "SELECT * FROM X WHERE a = 1 AND (b = 2 AND c = 3)"},
    {"SELECT * FROM X WHERE (a=1 OR b=2) OR c=3", "SELECT * FROM X WHERE (a = 1 OR b = 2) OR c = 3"},
    {"SELECT * FROM X WHERE a='b'AND c='d'", "SELECT * FROM X WHERE a = \"b\" AND c = \"d\""},
    // Microsoft's own examples.
    {"SELECT * FROM meta_class WHERE NOT __class < \"Win32\" AND NOT __this ISA \"Win32_Account\"",
     "SELECT * FROM meta_class WHERE NOT __class < \"Win32\" AND NOT __this ISA \"Win32_Account\""},
    {"Select * FROM Win32_Printer WHERE Local=\"TRUE\" AND Network =\"False\" AND DriverName LIKE \"%HP%\" "
     "AND NOT "
     "PortName LIKE \"%10.%\" AND NOT PortName LIKE \"%\\\\%\"",
     "SELECT * FROM Win32_Printer WHERE Local = \"TRUE\" AND Network = \"False\" AND DriverName LIKE "
     "\"%HP%\" AND NOT "
     "PortName LIKE \"%10.%\" AND NOT PortName LIKE \"%\\\\%\""},
    {"SELECT * FROM Win32_LogicalDisk WHERE (DriveType = 2) OR (DriveType = 3 AND FreeSpace < 1000000)",
     "SELECT * FROM Win32_LogicalDisk WHERE DriveType = 2 OR DriveType = 3 AND FreeSpace < 1000000"},
    // As monitoring asks.
    {"select Name,PercentProcessorTime,Timestamp_Sys100NS from Win32_PerfRawData_PerfOS_Processor where Name "
     "!= "
     "'_Total'",
     "SELECT Name, PercentProcessorTime, Timestamp_Sys100NS FROM Win32_PerfRawData_PerfOS_Processor WHERE "
     "Name <> "
     "\"_Total\""},
    {"SELECT Name,DriveType,Capacity,FreeSpace FROM Win32_Volume WHERE DriveType=3 AND Name LIKE '%:%'",
     "SELECT Name, DriveType, Capacity, FreeSpace FROM Win32_Volume WHERE DriveType = 3 AND Name LIKE "
     "\"%:%\""},
    {"Select EventCode From Win32_NTLogEvent WHERE (Logfile='System' OR Logfile='Application') AND EventType "
     "<= 2 "
     "AND TimeGenerated > '20240101000000.000000-000'",
     "SELECT EventCode FROM Win32_NTLogEvent WHERE (Logfile = \"System\" OR Logfile = \"Application\") AND "
     "EventType <= 2 AND TimeGenerated > \"20240101000000.000000-000\""},
};

const Row traversals[] = {
    {"ASSOCIATORS OF {Win32_Service.Name='sshd'}", "ASSOCIATORS OF {Win32_Service.Name=\"sshd\"}"},
    {"associators of{Win32_Service='sshd'}", "ASSOCIATORS OF {Win32_Service=\"sshd\"}"},
    {"ASSOCIATORS OF { Win32_X.a=1,b=\"c\",d=TRUE,e=-1.5 }",
     "ASSOCIATORS OF {Win32_X.a=1,b=\"c\",d=TRUE,e=-1.5}"},
    {"REFERENCES OF {X=@} where Role=Antecedent", "REFERENCES OF {X=@} WHERE Role = Antecedent"},
    {R"(REFERENCES OF {\\.\root\cimv2:Win32_Directory.Name="C:\\a}"} WHERE ClassDefsOnly)",
     R"(REFERENCES OF {\\.\root\cimv2:Win32_Directory.Name="C:\\a}"} WHERE ClassDefsOnly)"},
    {"REFERENCES OF {X=1} WHERE ResultClass=A RequiredQualifier = B KEYSONLY",
     "REFERENCES OF {X=1} WHERE ResultClass = A RequiredQualifier = B KeysOnly"},
    {"ASSOCIATORS OF {X=1} WHERE AssocClass=A ResultClass=B ResultRole=C Role=D RequiredAssocQualifier=E "
     "RequiredQualifier=F keysonly",
     "ASSOCIATORS OF {X=1} WHERE AssocClass = A ResultClass = B Role = D ResultRole = C RequiredQualifier = "
     "F "
     "RequiredAssocQualifier = E KeysOnly"},
    {"ASSOCIATORS OF {Win32_Service} WHERE AssocClass = A SchemaOnly",
     "ASSOCIATORS OF {Win32_Service} WHERE AssocClass = A SchemaOnly"},
};

void check_round_trip(const Row& row) {
    const auto query = query_of(row.text);
    EXPECT_EQ(print(query), row.printed);
    EXPECT_EQ(query_of(print(query)), query) << row.text;
}

TEST(Parse, ReadsEverySelect) {
    for (const auto& row : selects) check_round_trip(row);
}

TEST(Parse, ReadsEveryTraversal) {
    for (const auto& row : traversals) check_round_trip(row);
}

TEST(Parse, SaysWhatIsSelected) {
    const auto star = select_of("SELECT * FROM Win32_Service");
    EXPECT_TRUE(star.properties.empty() && !star.where && !star.of_classes());
    EXPECT_EQ(star.class_name, "Win32_Service");
    const auto list = select_of("SELECT b, c.d FROM Meta_Class");
    ASSERT_EQ(list.properties.size(), 2u);
    EXPECT_EQ(list.properties[0].names, std::vector<std::string>{"b"});
    EXPECT_EQ(list.properties[1].names, (std::vector<std::string>{"c", "d"}));
    EXPECT_TRUE(list.of_classes());
}

TEST(Parse, BuildsTreesByPrecedence) {
    using Kind = Expression::Kind;
    const auto tree = *select_of("SELECT * FROM X WHERE NOT a=1 AND b=2 OR c=3 OR NOT (d=4 OR e=5)").where;
    ASSERT_EQ(tree.kind, Kind::any);
    ASSERT_EQ(tree.parts.size(), 3u);
    ASSERT_EQ(tree.parts[0].kind, Kind::all);
    ASSERT_EQ(tree.parts[0].parts.size(), 2u);
    EXPECT_EQ(tree.parts[0].parts[0].kind, Kind::negation);
    EXPECT_EQ(tree.parts[0].parts[1].term.property.names[0], "b");
    EXPECT_EQ(tree.parts[1].kind, Kind::term);
    ASSERT_EQ(tree.parts[2].kind, Kind::negation);
    EXPECT_EQ(tree.parts[2].parts[0].kind, Kind::any);
}

TEST(Parse, TellsConstantsApart) {
    const auto term_of = [](const char* constant) {
        return select_of(std::string("SELECT * FROM X WHERE a = ") + constant).where->term;
    };
    EXPECT_EQ(term_of("5").value, Constant(Number(std::uint64_t{5})));
    EXPECT_EQ(term_of("-5").value, Constant(Number(std::int64_t{-5})));
    EXPECT_EQ(term_of("5.0").value, Constant(Number(5.0)));
    EXPECT_EQ(term_of("'5'").value, Constant(std::string("5")));
    EXPECT_EQ(term_of("'5'").number, Number(std::uint64_t{5}));
    EXPECT_EQ(term_of("'five'").number, std::nullopt);
    EXPECT_EQ(term_of("TRUE").value, Constant(true));
    EXPECT_EQ(term_of("\"TRUE\"").value, Constant(std::string("TRUE")));
    EXPECT_EQ(term_of("'19700101000001.000000+000'").datetime, (DateTime{false, 1'000'000}));
    EXPECT_EQ(term_of(R"('a\\\'\"b')").value, Constant(std::string(R"(a\'"b)")));
}

TEST(Parse, GivesDatesWithoutAZoneThatOfTheMachine) {
    const auto west = select_of("SELECT * FROM X WHERE a > '1970-01-01 00:00:00'", -60).where->term;
    EXPECT_EQ(west.datetime, (DateTime{false, 3'600'000'000}));
    const auto told = select_of("SELECT * FROM X WHERE a > '19700101000000.000000+000'", -60).where->term;
    EXPECT_EQ(told.datetime, (DateTime{false, 0}));
}

TEST(Parse, SaysWhatIsTraversed) {
    const auto query = query_of(
        "ASSOCIATORS OF {X.a=1} WHERE AssocClass=A ResultClass=B ResultRole=C Role=D "
        "RequiredAssocQualifier=E RequiredQualifier=F KeysOnly");
    const auto& said = std::get<Traversal>(query);
    EXPECT_EQ(said.kind, Traversal::Kind::associators);
    EXPECT_EQ(said.source.class_name, "X");
    EXPECT_EQ(said.assoc_class, "A");
    EXPECT_EQ(said.result_class, "B");
    EXPECT_EQ(said.result_role, "C");
    EXPECT_EQ(said.role, "D");
    EXPECT_EQ(said.required_assoc_qualifier, "E");
    EXPECT_EQ(said.required_qualifier, "F");
    EXPECT_TRUE(said.keys_only && !said.class_defs_only && !said.schema_only);
    EXPECT_EQ(std::get<Traversal>(query_of("REFERENCES OF {X=1}")).kind, Traversal::Kind::references);
}

// A cut query is a fault inside of it, or another query, which prints and reads as itself.
TEST(Parse, EveryTruncationIsRefusedOrAnotherQuery) {
    const auto check = [](std::string_view whole) {
        for (std::size_t size = 0; size < whole.size(); ++size) {
            const std::string text(whole.substr(0, size));  // A copy, so that reading behind it is seen.
            const auto read = parse(text);
            if (const auto* fault = std::get_if<Fault>(&read)) {
                EXPECT_LE(fault->place, size) << text;
                EXPECT_FALSE(fault->expected.empty()) << text;
                continue;
            }
            const auto& query = std::get<Query>(read);
            EXPECT_EQ(query_of(print(query)), query) << text;
        }
    };
    for (const auto& row : selects) check(row.text);
    for (const auto& row : traversals) check(row.text);
}

}  // namespace
}  // namespace mullion::wql
