#include "wsman/transfer.h"

#include <gtest/gtest.h>

#include "wsman/enumeration.h"
#include "wsman/fault.h"

namespace mullion::wsman {
namespace {

constexpr std::string_view listener = "http://schemas.microsoft.com/wbem/wsman/1/config/listener";

Transfer put() {
    Transfer transfer{std::string(action::put), std::string(listener)};
    transfer.selectors = {{"Address", "*"}, {"Transport", "HTTPS"}};
    transfer.options = {{"A", "1 < 2", true}};
    transfer.fragment = "Port/text()";
    transfer.fragment_dialect = "http://www.w3.org/TR/1999/REC-xpath-19991116";
    transfer.body = "<p:Listener xmlns:p=\"urn:l\"><p:Port>5986</p:Port></p:Listener>";
    return transfer;
}

Message message_of(const std::string& text) {
    auto read = read_message(text, wire_limits(text.size()));
    EXPECT_TRUE(read.ok()) << read.error().message();
    return std::move(read).value();
}

TEST(Transfer, ReachesTheOtherEndAsItIs) {
    const auto sent = put();
    const auto read = read_transfer(message_of(write_transfer({}, "uuid:1", sent))).value();
    EXPECT_EQ(read.action, sent.action);
    EXPECT_EQ(read.resource_uri, sent.resource_uri);
    EXPECT_EQ(read.selectors, sent.selectors);
    EXPECT_EQ(read.options, sent.options);
    EXPECT_EQ(read.fragment, sent.fragment);
    EXPECT_EQ(read.fragment_dialect, sent.fragment_dialect);
    EXPECT_EQ(read.body, sent.body);
}

TEST(Transfer, HasNoBodyAndNoFragmentWhereThereIsNone) {
    const Transfer get{std::string(action::get), std::string(listener)};
    const auto text = write_transfer({}, "uuid:1", get);
    EXPECT_EQ(text.find("FragmentTransfer"), std::string::npos);
    const auto message = message_of(text);
    EXPECT_FALSE(message.header.fragment_transfer);
    EXPECT_EQ(read_transfer(message).value().body, "");
}

TEST(Transfer, OfNothingIsRefused) {
    for (const auto& [action, uri] : {std::pair{"", "urn:r"}, {"urn:a", ""}}) {
        const auto read = read_transfer(message_of(write_transfer({}, "uuid:1", {action, uri})));
        ASSERT_FALSE(read.ok());
        EXPECT_EQ(read.error().wsman_code, code::header_required);
    }
}

TEST(TransferResponse, GivesItsElementOrNothing) {
    const auto answer = [](std::string_view body) {
        return message_of(write_transfer_response("uuid:2", "uuid:1", action::put, body));
    };
    EXPECT_EQ(read_transfer_response(answer("<a xmlns=\"urn:a\">1</a>"), action::put).value(),
              "<a xmlns=\"urn:a\">1</a>");
    EXPECT_EQ(read_transfer_response(answer(""), action::put).value(), "");
    EXPECT_FALSE(read_transfer_response(answer(""), action::get).ok());
}

TEST(TransferResponse, OfAFaultIsItsError) {
    const auto text = write_fault("uuid:2", "uuid:1", "host", make_fault(code::access_denied));
    EXPECT_EQ(read_transfer_response(message_of(text), action::put).error().id, ErrorId::wsman_access_denied);
}

TEST(TransferMessages, EveryTruncationIsRefused) {
    const auto request = write_transfer({}, "uuid:1", put());
    const auto answer = write_transfer_response("uuid:2", "uuid:1", action::put, "<a>1</a>");
    for (const auto& text : {request, answer}) {
        for (std::size_t length = 0; length < text.size(); ++length) {
            const auto cut = read_message(text.substr(0, length), wire_limits(text.size()));
            EXPECT_FALSE(cut.ok()) << length;
        }
    }
}

TEST(Enumerate, CarriesFragmentOptionsAndPolymorphism) {
    Enumerate enumerate;
    enumerate.polymorphism = "None";
    RequestHead head{{}, listener, "uuid:1", {}, {{"O", "v", false}}};
    const auto message = message_of(write_enumerate({}, head, enumerate));
    EXPECT_EQ(message.header.action, action::enumerate);
    EXPECT_EQ(message.header.option("o"), "v");
    EXPECT_EQ(read_enumerate(message).value().polymorphism, "None");
}

}  // namespace
}  // namespace mullion::wsman
