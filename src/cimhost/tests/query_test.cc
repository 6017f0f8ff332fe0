#include "cimhost/tests/things.h"
#include "wsman/cim/names.h"

namespace mullion::cimhost {
namespace {

using namespace testing;

TEST_F(Questions, AnswerWql) {
    const auto list = query("SELECT * FROM Test_Thing WHERE Size > 4 AND NOT Name LIKE 'f%'");
    ASSERT_TRUE(list.ended());
    ASSERT_EQ(list.items.size(), 1u);
    EXPECT_EQ(read(list.items[0]).class_name, "Test_Thing");
    EXPECT_EQ(text(read(list.items[0]), "Name"), "Second");
    EXPECT_EQ(query("SELECT * FROM Test_Thing WHERE Name <> 'x'").items.size(), 2u);  // NULL is unknown.
    EXPECT_EQ(query("SELECT * FROM Test_Thing WHERE Name IS NULL").items.size(), 1u);
    EXPECT_EQ(query("SELECT * FROM Test_Thing WHERE Delta < 0 AND Ratio = 0.25").items.size(), 2u);
    EXPECT_EQ(query("SELECT * FROM Test_Thing WHERE Owner = 'Test_Other.Key=\"K\"'").items.size(), 2u);
    EXPECT_EQ(query("SELECT * FROM Test_Thing WHERE Names IS NOT NULL").items.size(), 2u);
    EXPECT_EQ(query("SELECT * FROM Test_Thing WHERE Lasts = '00000001010101.000000:000'").items.size(), 2u);
}

// Columns in the class's spelling and by alphabet, unprefixed.
TEST_F(Questions, AColumnListGivesFragments) {
    const auto list = query("SELECT size, NAME FROM Test_Thing WHERE Id = 2");
    ASSERT_EQ(list.items.size(), 1u);
    auto document = xml::Document::parse(list.items[0]);
    ASSERT_TRUE(document.ok());
    EXPECT_TRUE(document->root().is(wsman::ns::wsman, "XmlFragment"));
    const auto children = document->root().children();
    ASSERT_EQ(children.size(), 2u);
    EXPECT_EQ(children[0].local(), "Name");
    EXPECT_EQ(children[0].space(), "");
    EXPECT_EQ(children[1].text(), "5");
    for (const auto* name : {"Size", "Name", "Id"}) EXPECT_TRUE(things_.asked.wanted.has(name));
    EXPECT_FALSE(things_.asked.wanted.has("Born"));
    // Of a base class the columns are its own, whoever's rows they are.
    EXPECT_EQ(query("SELECT Name FROM Test_Base").items.size(), 4u);
    EXPECT_EQ(query("SELECT * FROM Test_Base WHERE __CLASS = 'Test_Other'").items.size(), 1u);
    EXPECT_EQ(query("SELECT * FROM Test_Base WHERE __this ISA 'test_thing'").items.size(), 3u);
}

TEST_F(Questions, SystemPropertiesAreKnown) {
    const auto rows = [&](const std::string& where) {
        return query("SELECT Name FROM Test_Thing WHERE " + where).items.size();
    };
    EXPECT_EQ(rows("__SUPERCLASS = 'test_base' AND __DYNASTY = 'Test_Base' AND __GENUS = 2"), 3u);
    EXPECT_EQ(rows("__NAMESPACE = 'ROOT\\\\cimv2' AND __PROPERTY_COUNT = 13"), 3u);
    EXPECT_EQ(rows("__RELPATH = 'Test_Thing.Id=2,Letter=\"c\"'"), 1u);
    EXPECT_EQ(rows("__SERVER IS NULL AND __DERIVATION IS NOT NULL"), 3u);
}

TEST_F(Questions, ProvidersAreToldWhatIsSure) {
    (void)query("SELECT Id FROM Test_Thing WHERE Name = 'a' AND (Id = 0x10 AND On = 1) AND Size > 3");
    EXPECT_EQ(*things_.asked.equal_to("name"), "a");
    EXPECT_EQ(*things_.asked.equal_to("Id"), "16");
    EXPECT_EQ(*things_.asked.equal_to("On"), "TRUE");
    EXPECT_EQ(things_.asked.equal_to("Size"), nullptr);
    for (const auto* where : {"Name = 'a' OR Id = 1", "NOT Name = 'a'", "Ratio = 1", "Name <> 'a'"}) {
        (void)query(std::string("SELECT Id FROM Test_Thing WHERE ") + where);
        EXPECT_TRUE(things_.asked.equal.empty()) << where;
    }
    (void)query(
        "SELECT Id FROM Test_Thing WHERE Born >= '20231114221320.000000+000' AND Born < "
        "'20240101000000.000000+000' AND Lasts = '00000001000000.000000:000'");
    EXPECT_EQ(things_.asked.earliest("Born"), 1'700'000'000'000'000);
    EXPECT_EQ(things_.asked.not_before.size(), 1u);
}

// A time without a zone is this machine's: 60 minutes east, made_up.h says.
TEST_F(Questions, TimesAreOfThisMachinesZone) {
    EXPECT_EQ(query("SELECT Id FROM Test_Thing WHERE Born >= '2023-11-14 23:13:22'").items.size(), 1u);
    EXPECT_EQ(query("SELECT Id FROM Test_Thing WHERE Born >= '20231114221322.000000+000'").items.size(), 1u);
}

TEST_F(Questions, QueriesGiveReferencesToo) {
    const auto list = query("SELECT Name FROM Test_Thing WHERE Id = 2", wire::Mode::reference);
    ASSERT_EQ(list.items.size(), 1u);
    auto document = xml::Document::parse(list.items[0]);
    EXPECT_EQ(wire::read_reference(document->root()).value().keys,
              (std::vector<wire::Key>{{"Id", "2"}, {"Letter", "c"}}));
    const auto both = query("SELECT Name FROM Test_Thing WHERE Id = 2", wire::Mode::object_and_reference);
    ASSERT_EQ(both.items.size(), 1u);
    EXPECT_NE(both.items[0].find("XmlFragment"), std::string::npos);
    EXPECT_NE(both.items[0].find("EndpointReference"), std::string::npos);
}

// As Windows' CIM cmdlets ask: the namespace is a selector, the items say it in their URI.
TEST_F(Questions, AllClassesAnswerInTheFormOfWmi) {
    wire::Enumeration enumeration{{{wire::ClassUri::Form::all_classes, {}, "root/cimv2", "*"}, {}}};
    enumeration.filter = wire::WqlFilter{"SELECT * FROM Test_Other"};
    enumeration.mode = wire::Mode::object_and_reference;
    const auto list = enumerate(enumeration);
    ASSERT_EQ(list.items.size(), 1u);
    auto document = xml::Document::parse(list.items[0]);
    constexpr char uri[] = "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/Test_Other";
    EXPECT_EQ(document->root().first().space(), uri);
    EXPECT_EQ(wire::read_reference(document->root().first().next()).value().resource_uri, uri);
}

// Nothing here joins objects: nothing belongs to one that there is.
TEST_F(Questions, AssociationsOfAnObjectAreNone) {
    for (const auto* text : {"ASSOCIATORS OF {Test_Thing.Id=1,Letter='b'}", "REFERENCES OF {Test_Other='K'}",
                             "ASSOCIATORS OF {root\\cimv2:Test_Only=@} WHERE ResultClass = Test_Other"}) {
        const auto list = query(text);
        EXPECT_TRUE(list.ended()) << text << ": " << (list.ended() ? "" : list.failure().message);
        EXPECT_TRUE(list.items.empty());
    }
    wire::Enumeration enumeration{target("*")};
    wire::AssociationFilter filter;
    filter.object = {
        "", "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/Test_Other", {{"Key", "k"}}};
    enumeration.filter = filter;
    EXPECT_TRUE(enumerate(enumeration).ended());
    filter.object = {"",
                     "http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/Test_Other",
                     {{"__cimnamespace", "root/cimv2"}, {"Key", "k"}}};
    filter.associations = true;
    enumeration.filter = filter;
    EXPECT_TRUE(enumerate(enumeration).ended());
}

TEST_F(Questions, AssociationsOfNothingAreAFault) {
    const auto code_of = [&](const char* text) { return query(text).failure().provider_code.value_or(0); };
    EXPECT_EQ(code_of("ASSOCIATORS OF {Test_Other='nobody'}"), 0x80041002u);
    EXPECT_EQ(code_of("ASSOCIATORS OF {Test_None='k'}"), 0x80041010u);
    EXPECT_EQ(code_of("ASSOCIATORS OF {root\\none:Test_Other='k'}"), 0x8004100Eu);
    EXPECT_EQ(code_of("ASSOCIATORS OF {Test_Other='k'} WHERE AssocClass = Test_None"), 0x80041010u);
    EXPECT_EQ(code_of("REFERENCES OF {Test_Other='k'} WHERE ResultClass = Test_None"), 0x80041010u);
    EXPECT_EQ(code_of("ASSOCIATORS OF {Test_Thing='k'}"), 0x80041017u);  // Two keys, and which is it?
    EXPECT_EQ(code_of("ASSOCIATORS OF {Test_Other}"), 0x80041017u);
    EXPECT_EQ(code_of("ASSOCIATORS OF {Test_Other='k'} WHERE ClassDefsOnly"), 0x80041017u);

    wire::Enumeration enumeration{target("*")};
    wire::AssociationFilter filter;
    for (const auto* uri : {"http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/Test_None",
                            "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/*", "urn:nothing"}) {
        filter.object = {"", uri, {{"Key", "k"}}};
        enumeration.filter = filter;
        EXPECT_EQ(enumerate(enumeration).failure().code, wire::code::cannot_process_filter) << uri;
    }
}

}  // namespace
}  // namespace mullion::cimhost
