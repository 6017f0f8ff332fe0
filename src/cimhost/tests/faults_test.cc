#include "cimhost/tests/things.h"
#include "wsman/cim/names.h"

namespace mullion::cimhost {
namespace {

using namespace testing;
using wsman::make_fault;

struct Case {
    const char* query;
    std::uint32_t wbem;
    const char* part;  // Of the text.
};

// 0x8033801A n:CannotProcessFilter, with WMI's code inside the provider's fault.
TEST_F(Questions, WrongQueriesHaveTheFaultOfTheFilter) {
    constexpr Case cases[] = {
        {"SELEKT * FROM Test_Thing", 0x80041017, "character 1"},
        {"SELECT * FROM Test_Thing WHERE", 0x80041017, "the end"},
        {"SELECT Nam FROM Test_Thing", 0x80041017, "did you mean Name?"},
        {"SELECT * FROM Test_Thing WHERE Id = 'x'", 0x80041017, "a number"},
        {"SELECT * FROM Test_Thing GROUP BY Name", 0x80041017, "GROUP"},
        {"SELECT * FROM Test_Thingy", 0x80041010, "there is Test_Thing"},
        {"SELECT * FROM meta_class", 0x80041017, "cim-xml"},
    };
    for (const auto& one : cases) {
        const auto failure = query(one.query).failure();
        EXPECT_EQ(failure.code, 0x8033801Au) << one.query;
        EXPECT_EQ(failure.provider, "WMI Provider");
        EXPECT_EQ(failure.provider_code, one.wbem) << one.query;
        EXPECT_NE(failure.message.find(one.part), std::string::npos) << failure.message;
    }
    std::string deep = "SELECT * FROM Test_Thing WHERE ";
    for (int i = 0; i < 300; ++i) deep += "Id = 1 OR ";
    EXPECT_EQ(query(deep + "Id = 2").failure().provider_code, 0x8004106Cu);
}

TEST_F(Questions, WhatIsNotThereHasItsFault) {
    auto failure = enumerate({target("Test_None")}).failure();
    EXPECT_EQ(failure.code, wsman::code::resource_not_found);
    EXPECT_EQ(failure.provider_code, 0x80041010u);
    EXPECT_EQ(make_fault(failure.code).subcode, "DestinationUnreachable");
    auto elsewhere = target("Test_Thing");
    elsewhere.of.cim_namespace = "root/none";
    failure = enumerate({elsewhere}).failure();
    EXPECT_EQ(failure.code, wsman::code::resource_not_found);
    EXPECT_EQ(failure.provider_code, 0x8004100Eu);
    wire::Enumeration asked{elsewhere};
    asked.of.of.class_name = "*";
    asked.filter = wire::WqlFilter{"SELECT * FROM Test_Thing"};
    EXPECT_EQ(enumerate(asked).failure().provider_code, 0x8004100Eu);
    failure = enumerate({target("Test_Locked")}).failure();
    EXPECT_EQ(failure.code, 0x80338102u);
    EXPECT_EQ(failure.provider_code, 0x80041024u);
}

TEST_F(Questions, WrongEnumerationsHaveTheirFault) {
    // A query wants *, and no selectors; [MS-WSMV] 3.1.4.8.
    wire::Enumeration asked{target("Test_Thing")};
    asked.filter = wire::WqlFilter{"SELECT * FROM Test_Thing"};
    EXPECT_EQ(enumerate(asked).failure().code, 0x803380FBu);
    asked.of = target("*", {{"Name", "x"}});
    EXPECT_EQ(enumerate(asked).failure().code, 0x803380FBu);
    asked.of = target("*");
    asked.polymorphism = wire::Polymorphism::include;
    EXPECT_EQ(enumerate(asked).failure().code, 0x80338137u);
    EXPECT_EQ(enumerate({target("*")}).failure().code, 0x8033804Fu);  // No filter.
    EXPECT_EQ(enumerate({target("Test_Thing", {{"Id", "1"}})}).failure().code,
              wsman::code::unexpected_selectors);
    auto request = wire::write_enumeration(settings(), "uuid:1", asked);
    const std::string dialect(wsman::dialect::wql);
    request.replace(request.find(dialect), dialect.size(), "urn:sql");
    EXPECT_EQ(ask(request).failure().code, 0x80338019u);
    // DMTF's URI without a namespace is for DMTF's classes.
    EXPECT_EQ(enumerate({schema("Test_Thing", "")}).failure().code, 0x80338139u);
    auto twice = schema("Test_Thing", "root/cimv2");
    request = wire::write_enumeration(settings(), "uuid:1", {twice});
    const std::string uri = "cim-schema/2/Test_Thing";
    request.replace(request.find(uri), uri.size(), uri + "?__cimnamespace=root/other");
    EXPECT_EQ(ask(request).failure().code, 0x8033813Bu);
}

TEST_F(Questions, OtherActionsAreNotOurs) {
    for (const auto action : {wsman::action::pull, wsman::action::release}) {
        std::string request = wire::write_get(settings(), "uuid:1", target("Test_Only"));
        const std::string get(wsman::action::get);
        request.replace(request.find(get), get.size(), action);
        EXPECT_EQ(ask(request).failure().code, wsman::code::action_not_supported) << action;
    }
}

// Only Get takes a part: who asks for another thing's part must not get the whole.
TEST_F(Questions, FragmentsAreOfGetAlone) {
    auto request = wire::write_enumeration(settings(), "uuid:1", {target("Test_Thing")});
    request.insert(request.find("</s:Header>"),
                   "<w:FragmentTransfer s:mustUnderstand=\"true\">Name</w:FragmentTransfer>");
    EXPECT_EQ(ask(request).failure().code, wsman::code::fragment_not_supported);
}

}  // namespace
}  // namespace mullion::cimhost
