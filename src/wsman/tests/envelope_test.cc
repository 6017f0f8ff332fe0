#include "encoding/utf16.h"
#include "wsman/fault.h"
#include "wsman/identify.h"
#include "wsman/shell.h"
#include "wsman/tests/data.h"
#include "wsman/wire.h"

namespace mullion::wsman {
namespace {

using testing::data_message;
using testing::message_of;
using testing::read_data;

TEST(Envelope, ReadsTheHeadersOfARequest) {
    const auto message = data_message("windows/receive_request");
    const auto& header = message.header;
    EXPECT_EQ(header.action, action::receive);
    EXPECT_EQ(header.message_id, "uuid:ED6D6F9B-0B0B-43FF-9767-6824A80562E1");
    EXPECT_EQ(header.to, "http://192.168.56.11:5985/wsman");
    EXPECT_EQ(header.reply_to, anonymous);
    EXPECT_EQ(header.resource_uri, resource::command_shell);
    EXPECT_EQ(header.max_envelope_size, 153'600U);
    EXPECT_EQ(header.operation_timeout, Duration(20'000));
    EXPECT_EQ(header.locale, "en-US");
    EXPECT_EQ(header.data_locale, "en-US");
    EXPECT_EQ(header.session_id, "uuid:E3EDC93B-6629-44A6-8F70-2D94D134ACD3");
    EXPECT_EQ(header.selector("shellid"), "0D6FCA9D-2D40-44C3-B691-E665BE7AA687");
    EXPECT_EQ(header.option("wsman_cmdshell_option_keepalive"), "True");
    EXPECT_FALSE(header.selector("CommandId"));
    EXPECT_FALSE(header.locale_must_understand);
    EXPECT_TRUE(header.not_understood.empty());
    EXPECT_TRUE(header.repeated.empty());
    EXPECT_TRUE(message.body.is(ns::shell, "Receive"));
}

TEST(Envelope, ReadsTheHeadersOfAnAnswer) {
    const auto message = data_message("windows/create_response");
    EXPECT_EQ(message.header.action, std::string(action::create) + "Response");
    EXPECT_EQ(message.header.relates_to, "uuid:89F90E3D-195D-4464-AE43-69348B2B1F08");
    EXPECT_EQ(message.header.activity_id, "1A2F2108-D2BA-0000-B2F8-2F1ABAD2D301");
    EXPECT_TRUE(message.header.not_understood.empty());
}

TEST(Envelope, KeepsHeadersThatMakeNoSense) {
    const auto message = message_of(R"(<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"
        xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd" xmlns:x="urn:x"><s:Header>
        <w:OperationTimeout>PT-1S</w:OperationTimeout><w:OperationTimeout>PT1S</w:OperationTimeout>
        <w:MaxEnvelopeSize>lots</w:MaxEnvelopeSize><w:Locale s:mustUnderstand="1"/>
        <x:Thing s:mustUnderstand="true"/><x:Other s:mustUnderstand="0"/><x:Third mustUnderstand="true"/>
        <w:OptionSet><w:Option Name="A" MustComply="yes">1</w:Option></w:OptionSet>
        </s:Header><s:Body/></s:Envelope>)");
    const auto& header = message.header;
    EXPECT_FALSE(header.operation_timeout);
    EXPECT_EQ(header.operation_timeout_text, "PT-1S");
    EXPECT_EQ(header.max_envelope_size_text, "lots");
    EXPECT_FALSE(header.max_envelope_size);
    EXPECT_TRUE(header.locale_must_understand);
    EXPECT_EQ(header.not_understood, std::vector<std::string>{"{urn:x}Thing"});
    ASSERT_EQ(header.repeated.size(), 1U);
    EXPECT_EQ(header.repeated[0], "{http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd}OperationTimeout");
    ASSERT_EQ(header.options.size(), 1U);
    EXPECT_TRUE(header.options[0].must_comply);  // What cannot be read is taken as the stricter of the two.
    EXPECT_FALSE(message.body);
}

TEST(Envelope, TellsWhichFaultToAnswerWith) {
    const auto code_of = [](std::string_view bytes) {
        const auto message = read_message(bytes, wire_limits(1 << 20));
        EXPECT_FALSE(message.ok()) << bytes;
        if (message.ok()) return std::uint32_t{0};
        EXPECT_EQ(message.error().id, ErrorId::wsman_malformed);
        return message.error().wsman_code.value_or(0);
    };
    EXPECT_EQ(code_of(""), code::invalid_xml);
    EXPECT_EQ(code_of("<html>"), code::invalid_xml);
    EXPECT_EQ(code_of("<html/>"), code::schema_validation);
    EXPECT_EQ(code_of(R"(<Envelope xmlns="http://www.w3.org/2003/05/soap-envelope"/>)"),
              code::schema_validation);
    EXPECT_EQ(
        code_of(R"(<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body/></e:Envelope>)"),
        code::soap_version_mismatch);
}

// A second one that nobody looks at is a message that two readers read differently.
TEST(Envelope, HasOneHeaderAndThenOneBody) {
    const auto read = [](std::string_view inside) {
        const std::string open = R"(<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope">)";
        return read_message(open + std::string(inside) + "</e:Envelope>", wire_limits(1 << 20)).ok();
    };
    EXPECT_TRUE(read("<e:Header/><e:Body/>"));
    EXPECT_TRUE(read("<e:Body/>"));
    EXPECT_FALSE(read("<e:Body/><e:Body/>"));
    EXPECT_FALSE(read("<e:Header/><e:Header/><e:Body/>"));
    EXPECT_FALSE(read("<e:Body/><e:Header/>"));
    EXPECT_FALSE(read("<e:Header/><e:Body/><e:Header/>"));
}

TEST(Envelope, RefusesEveryTruncation) {
    for (const char* name : {"windows/create_request_extra", "windows/fault_shell_gone"}) {
        const auto whole = read_data(name);
        for (std::size_t length = 0; length < whole.size(); ++length) {
            const auto message =
                read_message(std::string_view(whole).substr(0, length), wire_limits(1 << 20));
            ASSERT_FALSE(message.ok()) << name << ": accepted the first " << length << " bytes";
            ASSERT_EQ(message.error().id, ErrorId::wsman_malformed);
        }
    }
}

TEST(Envelope, KeepsToItsLimits) {
    const auto whole = read_data("windows/create_response");
    EXPECT_FALSE(read_message(whole, wire_limits(whole.size() - 1)).ok());
    EXPECT_TRUE(read_message(whole, wire_limits(whole.size())).ok());

    std::string deep = R"(<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>)";
    for (int i = 0; i < 100; ++i) deep += "<a>";
    for (int i = 0; i < 100; ++i) deep += "</a>";
    EXPECT_FALSE(read_message(deep + "</s:Body></s:Envelope>", wire_limits(1 << 20)).ok());
}

TEST(Envelope, WritesTheHeadersThatItReads) {
    const RequestHead head{
        action::get, "urn:thing", testing::message_id, {{"A", "<&>"}}, {{"B", "1", true}, {"C", "", false}}};
    const auto text = write_request(testing::settings(), head, [](xml::Writer&) {});
    const auto header = message_of(text).header;
    EXPECT_EQ(header.action, action::get);
    EXPECT_EQ(header.resource_uri, "urn:thing");
    EXPECT_EQ(header.message_id, testing::message_id);
    EXPECT_EQ(header.to, testing::settings().to);
    EXPECT_EQ(header.session_id, testing::settings().session_id);
    EXPECT_EQ(header.max_envelope_size, 153'600U);
    EXPECT_EQ(header.operation_timeout, Duration(20'000));
    EXPECT_EQ(header.selectors, head.selectors);
    EXPECT_EQ(header.options, head.options);
    EXPECT_EQ(text.find("<?xml"), std::string::npos);
}

TEST(Wire, SpeaksTheCharsetOfTheRequest) {
    const auto envelope = write_delete_response(testing::message_id, testing::other_id);
    EXPECT_EQ(charset_of(""), Charset::utf8);
    EXPECT_EQ(charset_of("utf-8"), Charset::utf8);
    EXPECT_EQ(charset_of("UTF-16"), Charset::utf16);
    EXPECT_FALSE(charset_of("iso-8859-1"));

    const auto narrow = to_wire(envelope, Charset::utf8);
    ASSERT_TRUE(narrow.ok());
    EXPECT_EQ(narrow.value(), envelope);
    const auto wide = to_wire(envelope, Charset::utf16);
    ASSERT_TRUE(wide.ok());
    EXPECT_EQ(wide.value().size(), 2 + envelope.size() * 2);
    EXPECT_EQ(wide.value().substr(0, 4), std::string("\xFF\xFE<\0", 4));
    EXPECT_EQ(message_of(wide.value()).header.relates_to, testing::other_id);
    EXPECT_FALSE(to_wire("\xFF", Charset::utf16).ok());
}

TEST(Wire, ReadsUtf16OfBothOrders) {
    const auto envelope = read_data("windows/command_request");
    for (const auto order : {encoding::ByteOrder::little, encoding::ByteOrder::big}) {
        const std::string mark = order == encoding::ByteOrder::little ? "\xFF\xFE" : "\xFE\xFF";
        const auto message = message_of(mark + encoding::utf8_to_utf16(envelope, order).value());
        const auto run = read_command(message);
        ASSERT_TRUE(run.ok());
        EXPECT_EQ(run.value().arguments.at(0), "Write-Host こんにちは");
    }
}

TEST(Identify, GoesThereAndBack) {
    const auto request = message_of(write_identify());
    EXPECT_TRUE(is_identify(request));
    EXPECT_FALSE(is_identify(data_message("windows/create_response")));

    const Identity identity{"http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd",
                            "Mullion",
                            "OS: 0.0.0 SP: 0.0 Stack: 3.0",
                            {"profile/one", "profile/two"}};
    const auto read = read_identify_response(message_of(write_identify_response(identity)));
    ASSERT_TRUE(read.ok());
    EXPECT_EQ(read.value().product_vendor, identity.product_vendor);
    EXPECT_EQ(read.value().product_version, identity.product_version);
    EXPECT_EQ(read.value().security_profiles, identity.security_profiles);
}

TEST(Identify, ReadsOtherServices) {
    const auto openwsman = read_identify_response(data_message("opennms/identify-response"));
    ASSERT_TRUE(openwsman.ok());
    EXPECT_EQ(openwsman.value().product_vendor, "Openwsman Project");
    const auto written = message_of(write_identify_response(openwsman.value()));
    EXPECT_EQ(xml::canonical(written.body), xml::canonical(data_message("opennms/identify-response").body));
    const auto omi = read_identify_response(data_message("made/identify_response_omi"));
    ASSERT_TRUE(omi.ok());
    EXPECT_EQ(omi.value().product_vendor, "Open Management Infrastructure");
    EXPECT_EQ(omi.value().security_profiles.size(), 1U);
}

TEST(Identify, RefusesWhatIsNone) {
    EXPECT_FALSE(read_identify_response(data_message("windows/create_response")).ok());
    const auto denied = read_identify_response(
        message_of(write_fault(testing::message_id, "", "host", make_fault(code::access_denied))));
    ASSERT_FALSE(denied.ok());
    EXPECT_EQ(denied.error().id, ErrorId::wsman_access_denied);
}

}  // namespace
}  // namespace mullion::wsman
