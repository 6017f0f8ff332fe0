#include "wsman/cim/batch_stream.h"

#include <array>
#include <filesystem>

#include "source_dir/source_dir.h"
#include "wsman/cim/enumeration.h"
#include "wsman/cim/instance_writer.h"
#include "wsman/enumeration.h"
#include "wsman/tests/batch_both.h"
#include "wsman/tests/data.h"

namespace mullion::wsman::cim {
namespace {

using testing::message_id;
using testing::other_id;
using testing::read_data;

constexpr char sample_uri[] = "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/Win32_Sample";
const xml::Limits limits = wire_limits(4 * 1024 * 1024);

std::vector<std::string> all_data() {
    std::vector<std::string> names;
    const std::filesystem::path root = source_dir() + "/src/wsman/tests/data";
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root))
        if (entry.path().extension() == ".xml")
            names.push_back(entry.path().parent_path().filename().string() + "/" +
                            entry.path().stem().string());
    return names;
}

// Every form, out of a recorded kind of Get answer; as items with and without references.
std::string made_batch() {
    const auto object = testing::data_message("made/cim_get_response").body.to_xml();
    const Reference reference{std::string(anonymous), sample_uri, {{"Name", "a&b", {}}}};
    InstanceWriter fragment;
    fragment.text("Name", "x").null("None").text("List", "1").text("List", "2");
    const auto fragment_item = fragment.take();
    return write_pull_response(other_id, message_id,
                               {"",
                                {object, reference_item(reference),
                                 object_and_reference_item(object, reference), fragment_item, object},
                                true});
}

TEST(CimBatchStream, SeesWhatTheTreeHas) {
    std::size_t rows = 0;
    for (const auto& name : all_data()) {
        for (const auto action : {action::enumerate, action::pull}) {
            const auto text = read_data(name);
            EXPECT_EQ(both::difference(text, action, limits), "") << name;
            both::Seen seen;
            both::read_stream(text, action, limits, seen);
            if (seen.failure.empty()) rows += seen.rows.size();
        }
    }
    EXPECT_GE(rows, 7U);
    const auto made = made_batch();
    EXPECT_EQ(both::difference(made, action::pull, limits), "");
    both::Seen seen;
    both::read_stream(made, action::pull, limits, seen);
    EXPECT_EQ(seen.failure, "");
    ASSERT_EQ(seen.rows.size(), 5U);
    EXPECT_TRUE(seen.end);
    EXPECT_EQ(seen.rows[2].object, seen.rows[0].object);
    EXPECT_EQ(seen.rows[2].reference, seen.rows[1].reference);
    EXPECT_EQ(seen.rows[3].object.front().class_name, "");
    EXPECT_EQ(seen.rows[3].object.front().find("List")->values.size(), 2U);
}

TEST(CimBatchStream, EveryTruncationHasTheFirstRowsAndAFailure) {
    auto text = made_batch();
    both::Seen whole;
    both::read_stream(text, action::pull, limits, whole);
    std::size_t most = 0;
    for (std::size_t length = 0; length < text.size(); ++length) {
        both::Seen cut;
        both::read_stream(text.substr(0, length), action::pull, limits, cut);
        ASSERT_NE(cut.failure, "") << length;
        ASSERT_LE(cut.rows.size(), whole.rows.size());
        for (std::size_t i = 0; i < cut.rows.size(); ++i) ASSERT_EQ(cut.rows[i], whole.rows[i]) << length;
        most = std::max(most, cut.rows.size());
    }
    EXPECT_EQ(most, whole.rows.size());
}

TEST(CimBatchStream, AgreesWithTheTreeOnDamage) {
    const auto text = made_batch();
    for (std::size_t at = 0; at < text.size(); at += 3) {
        for (const char c : {'<', 'x'}) {
            auto wrong = text;
            wrong[at] = c;
            ASSERT_EQ(both::difference(wrong, action::pull, limits), "") << at << " " << c;
        }
    }
}

TEST(CimBatchStream, AgreesWithTheTreeOnOddAnswers) {
    const std::string head =
        "<s:Envelope xmlns:s=\"" + std::string(ns::soap) + "\" xmlns:a=\"" + std::string(ns::addressing) +
        "\" xmlns:n=\"" + std::string(ns::enumeration) + "\" xmlns:w=\"" + std::string(ns::wsman) +
        "\" xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\" "
        "xmlns:c=\"http://schemas.dmtf.org/wbem/wscim/1/common\"><s:Header><a:Action>" +
        std::string(action::pull) + "Response</a:Action><n:Items><x/></n:Items></s:Header>";
    const std::string open = "<s:Body><n:PullResponse>";
    const std::string close = "</n:PullResponse></s:Body></s:Envelope>";
    const std::string end = "<n:EndOfSequence/>";
    const std::string context = "<n:EnumerationContext> &lt;1 </n:EnumerationContext>";
    const auto item = [](const std::string& property) {
        return "<w:Items><x>" + property + "</x></w:Items>";
    };
    struct Case {
        std::string text;
        bool good;
        std::size_t rows;
    };
    const std::string pair =
        "<a:EndpointReference><a:ReferenceParameters><w:ResourceURI>urn:x</w:ResourceURI>"
        "</a:ReferenceParameters></a:EndpointReference>";
    const auto wrapped = [&](const std::string& inside) {
        return head + open + end + "<n:Items><w:Item>" + inside + "</w:Item></n:Items>" + close;
    };
    for (const auto& row : {
             Case{head + open + "<n:Items/>" + end + close, true, 0},
             Case{head + open + end + close, true, 0},
             Case{head + open + end + "<n:Items> <x/> <y> </y></n:Items>" + close, true, 2},
             Case{head + open + item("<p/>") + context + close, true, 1},
             Case{head + open + context + item("<p/>") + close, true, 1},
             Case{head + open + item("<p/>") + close, true, 1},
             Case{head + open + close, true, 0},
             Case{head + "<s:Body/></s:Envelope>", false, 0},
             Case{head + "</s:Envelope>", false, 0},
             Case{head + "<s:Body><x/><n:PullResponse><n:Items><x/></n:Items>" + end + close, false, 0},
             Case{head + open + item("<p/>") + end + "</n:PullResponse><n:Fault/></s:Body><x/></s:Envelope>",
                  true, 1},
             Case{head + open + item("<p/>") + end + "</n:PullResponse></s:Body><s:Body/></s:Envelope>",
                  false, 1},
             Case{head + open + item("<p/>") + end + "</n:PullResponse></s:Body><s:Header/></s:Envelope>",
                  false, 1},
             Case{head + open + item("<p/>") + item("<q/>") + end + close, false, 1},
             Case{
                 head + open +
                     item("text<!-- --><p> a<!-- -->b&amp; <![CDATA[<]]> </p>text<q i:nil='TRUE'>x<y/></q>") +
                     end + close,
                 true, 1},
             Case{head + open +
                      item("<p> <c:Datetime>1<!-- -->2</c:Datetime> </p><p><c:Time i:nil='1'/></p>") + end +
                      close,
                  true, 1},
             Case{head + open +
                      item("<p><c:Date>1</c:Date><c:Time>2</c:Time></p><p><c:Date>1T</c:Date><c:Time/></p>") +
                      end + close,
                  true, 1},
             Case{head + open +
                      item("<p><Datetime>1</Datetime></p><p><Time>1</Time></p><p><Interval/><x/></p>") + end +
                      close,
                  true, 1},
             Case{head + open + item("<p><c:Time>1<x/></c:Time></p><p><c:Other/></p><p><c:Time/><y/></p>") +
                      end + close,
                  true, 1},
             Case{head + open + item("<p><x/></p><p>" + pair + "</p><p i:nil='maybe'/>") + end + close, true,
                  1},
             Case{wrapped("<x><p/></x>" + pair), true, 1},
             Case{wrapped(pair + "<x><p/></x>"), true, 1},
             Case{wrapped("<x/>"), false, 0},
             Case{wrapped(pair), false, 0},
             Case{wrapped(""), false, 0},
             Case{wrapped("<x/>" + pair + pair), false, 0},
             Case{wrapped(pair + pair + "<x/>"), false, 0},
             Case{wrapped("<x/><y/>" + pair), false, 0},
             Case{wrapped("<x/><a:EndpointReference/>"), false, 0},
         }) {
        EXPECT_EQ(both::difference(row.text, action::pull, limits), "") << row.text;
        both::Seen seen;
        both::read_stream(row.text, action::pull, limits, seen);
        EXPECT_EQ(seen.failure.empty(), row.good) << row.text << '\n' << seen.failure;
        EXPECT_EQ(seen.rows.size(), row.rows) << row.text;
    }
}

// Who begins has no context of before to go on with.
TEST(CimBatchStream, NeedsAContextToBeginWith) {
    InstanceWriter writer("Win32_Sample", sample_uri, "Win32_Sample_Type");
    const std::vector<std::string> items{writer.take()};
    for (const auto& [context, good] : {std::pair("", false), std::pair("uuid:1", true)}) {
        const auto text = write_enumerate_response(other_id, message_id, {context, {items[0]}, false});
        EXPECT_EQ(both::difference(text, action::enumerate, limits), "");
        both::Seen seen;
        both::read_stream(text, action::enumerate, limits, seen);
        EXPECT_EQ(seen.failure.empty(), good) << seen.failure;
    }
}

TEST(CimBatchStream, PassesOverWhatIsNotRead) {
    auto stream = BatchStream::of(made_batch(), action::pull, limits);
    ASSERT_TRUE(stream.ok());
    std::size_t items = 0;
    PropertyView view;
    while (stream->next_item().value()) {
        // One property of each, and of the pair the reference is not there yet.
        if (stream->has_object()) {
            EXPECT_TRUE(stream->next(view).value());
        }
        EXPECT_EQ(stream->is_fragment(), ++items == 4);
        EXPECT_EQ(stream->reference().has_value(), items == 2);
    }
    EXPECT_EQ(items, 5U);
    EXPECT_FALSE(stream->next_item().value());
    EXPECT_FALSE(stream->next(view).value());
    EXPECT_FALSE(read_instance(*stream).ok());
}

TEST(CimBatchStream, HandsOutViewsOfTheBody) {
    const std::string name = "a text that is longer than what a short string holds";
    InstanceWriter writer("Win32_Sample", sample_uri, "Win32_Sample_Type");
    writer.text("Name", name);
    auto body = write_pull_response(other_id, message_id, {"", {writer.take()}, true});
    const auto* const begin = body.data();
    const auto size = body.size();
    auto stream = BatchStream::of(std::move(body), action::pull, limits);
    ASSERT_TRUE(stream.ok());
    ASSERT_TRUE(stream->next_item().value());
    EXPECT_EQ(stream->element_name(), "Win32_Sample");
    EXPECT_EQ(stream->space(), sample_uri);
    EXPECT_EQ(stream->type(), "Win32_Sample_Type");
    PropertyView view;
    ASSERT_TRUE(stream->next(view).value());
    EXPECT_EQ(view.text, name);
    EXPECT_TRUE(view.text.data() > begin && view.text.data() < begin + size);
    EXPECT_FALSE(stream->next(view).value());
}

TEST(CimBatchStream, FaultsAndOtherAnswersAreRefusedAtOnce) {
    EXPECT_FALSE(BatchStream::of(read_data("opennms/get-response-fault"), action::pull, limits).ok());
    EXPECT_FALSE(BatchStream::of(read_data("opennms/pull-response"), action::enumerate, limits).ok());
    EXPECT_FALSE(BatchStream::of(made_batch(), action::pull, wire_limits(100)).ok());
    const auto none = BatchStream::of("<a/", action::pull, limits);
    ASSERT_FALSE(none.ok());
    EXPECT_EQ(none.error().id, ErrorId::wsman_malformed);
}

}  // namespace
}  // namespace mullion::wsman::cim
