// The rules of every request's header, each as the service answers its breach. [MS-WSMV] 3.1.4.1, DSP0226 5,
// 6
#include <gtest/gtest.h>

#include "service/tests/shells_fixture.h"

namespace mullion::service::testing {
namespace {

class HeaderRules : public ShellsTest {
protected:
    HeaderRules() : shell(open_shell()) {}

    std::string get() { return wsman::write_get_shell(request, message_id(), shell); }
    // A Get with `from` replaced; the test fails where that is not in it.
    std::string changed(const std::string& from, const std::string& to) {
        std::string body = get();
        const auto at = body.find(from);
        EXPECT_NE(at, std::string::npos) << from << " is not in " << body;
        return at == std::string::npos ? body : body.replace(at, from.size(), to);
    }
    std::string with(const std::string& header) { return changed("</s:Header>", header + "</s:Header>"); }
    // Without the first element of that name.
    std::string without(const std::string& name) {
        std::string body = get();
        const auto begin = body.find("<" + name);
        auto end = body.find("</" + name + ">", begin);
        EXPECT_NE(begin, std::string::npos) << name;
        end = end == std::string::npos ? body.find("/>", begin) + 2 : end + name.size() + 3;
        return body.erase(begin, end - begin);
    }
    // "Sender w:EncodingLimit MinimumEnvelopeLimit", and the code besides.
    void refused(const std::string& body, std::uint32_t code, const std::string& how) {
        const auto fault = fault_of(say(body));
        EXPECT_EQ(fault.code, code) << body;
        std::string found = fault.soap_code + " " + fault.subcode;
        if (!fault.detail.empty()) found += " " + fault.detail;
        EXPECT_EQ(found, how) << body;
    }
    void taken(const std::string& body) { EXPECT_EQ(say(body).status, 200) << body; }

    const std::string shell;
};

TEST_F(HeaderRules, ReplyToIsAnonymous) {
    refused(changed("role/anonymous", "role/none"), code::addressing_mode,
            "Sender UnsupportedFeature AddressingMode");
}

TEST_F(HeaderRules, WhatIsNeededIsThere) {
    for (const char* name : {"a:ReplyTo", "a:To", "a:Action", "a:MessageID", "w:ResourceURI"})
        refused(without(name), code::header_required, "Sender MessageInformationHeaderRequired");
}

TEST_F(HeaderRules, AMessageIdIsAnyTextUpTo2KB) {
    const std::string body = get();
    const auto begin = body.find("<a:MessageID>") + 13;
    const std::string id = body.substr(begin, body.find("<", begin) - begin);
    const auto named = [&](const std::string& other) {
        std::string copy = body;
        return copy.replace(begin, id.size(), other);
    };
    taken(named("any words"));
    taken(named(std::string(2'048, 'm')));
    refused(named(""), code::invalid_message_header, "Sender InvalidMessageInformationHeader");
    refused(named(std::string(2'049, 'm')), code::invalid_message_header,
            "Sender InvalidMessageInformationHeader");
}

TEST_F(HeaderRules, AnUnknownHeaderThatMustBeUnderstood) {
    refused(with("<x:y xmlns:x='urn:x' s:mustUnderstand='true'/>"), code::must_understand, "MustUnderstand ");
    taken(with("<x:y xmlns:x='urn:x'/>"));
}

TEST_F(HeaderRules, ATimeoutIsAbsentOrADuration) {
    taken(without("w:OperationTimeout"));
    taken(changed("PT20S", "P1000D"));
    // The code that Windows was recorded to answer.
    for (const char* wrong : {"-PT1S", "soon", "P1Y", "PT"})
        refused(changed("PT20S", wrong), code::invalid_message_header,
                "Sender InvalidMessageInformationHeader");
}

TEST_F(HeaderRules, WithoutMaxEnvelopeSizeItIsTheServicesOwn) {
    const std::string command = run(shell, "flood");
    change([](state::Settings& s) { s.max_envelope_size_kb = 64; });
    script().put(std::string(200'000, 'x'));
    settle();
    std::string body = receive_body(shell, command);
    const auto begin = body.find("<w:MaxEnvelopeSize");
    const auto end = body.find("</w:MaxEnvelopeSize>") + 20;
    const auto out = say(body.erase(begin, end - begin));
    EXPECT_LE(out.body.size(), 64u * 1024);
    EXPECT_GT(out.body.size(), 48u * 1024) << "and all of it may be used";
}

TEST_F(HeaderRules, MaxEnvelopeSizeIsAtLeast8192) {
    request.max_envelope_size = 8'191;
    refused(get(), code::minimum_envelope, "Sender EncodingLimit MinimumEnvelopeLimit");
    request.max_envelope_size = 8'192;
    taken(get());
}

TEST_F(HeaderRules, ALocaleIsAHint) {
    for (const char* name : {"w:Locale", "p:DataLocale"}) {
        std::string body = without(name);
        const auto at = body.find("</s:Header>");
        body.insert(at, std::string("<") + name + " xml:lang='en-US' s:mustUnderstand='true'/>");
        refused(body, code::locale_must_understand, "Sender UnsupportedFeature Locale");
    }
}

TEST_F(HeaderRules, SelectorsUnknownMissingTwice) {
    refused(changed("Name=\"ShellId\"", "Name=\"Nothing\""), code::unexpected_selectors,
            "Sender InvalidSelectors UnexpectedSelectors");
    refused(without("w:SelectorSet"), code::insufficient_selectors,
            "Sender InvalidSelectors InsufficientSelectors");
    refused(changed("</w:SelectorSet>", "<w:Selector Name='SHELLID'>x</w:Selector></w:SelectorSet>"),
            code::duplicate_selectors, "Sender InvalidSelectors DuplicateSelectors");
}

TEST_F(HeaderRules, AnUnknownOptionThatMustBeCompliedWith) {
    refused(with("<w:OptionSet><w:Option Name='X' MustComply='true'>1</w:Option></w:OptionSet>"),
            code::options_not_supported, "Sender InvalidOptions NotSupported");
    taken(with("<w:OptionSet><w:Option Name='X'>1</w:Option></w:OptionSet>"));
}

// There is no provider of WMI here whose context could take them.
TEST_F(HeaderRules, OptionsOfWmiAreLikeAnyOther) {
    taken(
        with("<w:OptionSet><w:Option Name='wmi:X'>1</w:Option><w:Option Name='wmiarray:X'>2</w:Option>"
             "</w:OptionSet>"));
    refused(with("<w:OptionSet><w:Option Name='wmi:X' MustComply='true'>1</w:Option></w:OptionSet>"),
            code::options_not_supported, "Sender InvalidOptions NotSupported");
}

TEST_F(HeaderRules, AShellHasNoFragments) {
    for (const char* fragment :
         {"<w:FragmentTransfer s:mustUnderstand='true'>rsp:Owner</w:FragmentTransfer>",
          "<w:FragmentTransfer>rsp:Owner</w:FragmentTransfer>",
          "<w:FragmentTransfer s:mustUnderstand='true'>/rsp:Owner</w:FragmentTransfer>"})
        refused(with(fragment), code::fragment_not_supported,
                "Sender UnsupportedFeature FragmentLevelAccess");
}

TEST_F(HeaderRules, AnEprAndAnEstimateThatAreAskedForMayBeIgnored) {
    taken(with("<w:RequestEPR/><w:RequestTotalItemsCountEstimate/>"));
}

TEST_F(HeaderRules, WhereARequestGoes) {
    refused(changed("windows/shell<", "windows/nothing<"), code::resource_not_found,
            "Sender DestinationUnreachable InvalidResourceURI");
    refused(changed("windows/shell<", "windows/shell/cmd<"), code::action_not_supported,
            "Sender ActionNotSupported");
    refused(changed("windows/shell<", "windows/shell/cmd/more<"), code::resource_not_found,
            "Sender DestinationUnreachable InvalidResourceURI");
}

}  // namespace
}  // namespace mullion::service::testing
