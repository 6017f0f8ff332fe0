// Every reader against every recorded message: cut at each length, with each element taken out, and read by
// the wrong reader. Nothing but a value or wsman.malformed (or the fault's error) may come out.
#include <filesystem>

#include "source_dir/source_dir.h"
#include "wsman/cim/batch_stream.h"
#include "wsman/cim/class_uri.h"
#include "wsman/cim/enumeration.h"
#include "wsman/cim/instance.h"
#include "wsman/cim/operations.h"
#include "wsman/config.h"
#include "wsman/config_plugin.h"
#include "wsman/enumeration.h"
#include "wsman/fault.h"
#include "wsman/identify.h"
#include "wsman/quickconfig.h"
#include "wsman/request_rules.h"
#include "wsman/shell.h"
#include "wsman/tests/data.h"

namespace mullion::wsman {
namespace {

using testing::read_data;

std::vector<std::string> all_data() {
    std::vector<std::string> names;
    const std::filesystem::path root = source_dir() + "/src/wsman/tests/data";
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root))
        if (entry.path().extension() == ".xml")
            names.push_back(entry.path().parent_path().filename().string() + "/" +
                            entry.path().stem().string());
    return names;
}

template <class T>
void expect_sound(const Result<T>& result, const Message& message, const char* reader) {
    if (result.ok() || is_fault(message)) return;
    EXPECT_EQ(result.error().id, ErrorId::wsman_malformed) << reader;
    EXPECT_FALSE(result.error().detail.empty()) << reader;
}

void read_with_everything(const Message& message) {
    expect_sound(read_create(message), message, "create");
    expect_sound(read_command(message), message, "command");
    expect_sound(read_receive(message), message, "receive");
    expect_sound(read_send(message), message, "send");
    expect_sound(read_signal(message), message, "signal");
    expect_sound(read_enumerate(message), message, "enumerate");
    expect_sound(read_pull(message), message, "pull");
    expect_sound(read_release(message), message, "release");
    expect_sound(read_create_response(message), message, "create response");
    expect_sound(read_command_response(message), message, "command response");
    expect_sound(read_receive_response(message), message, "receive response");
    expect_sound(read_get_shell_response(message), message, "get response");
    expect_sound(read_empty_response(message, action::send), message, "empty response");
    expect_sound(read_enumerate_response(message), message, "enumerate response");
    expect_sound(read_pull_response(message), message, "pull response");
    expect_sound(read_identify_response(message), message, "identify response");
    expect_sound(read_fault(message), message, "fault");
    expect_sound(read_config_target(message), message, "config target");
    expect_sound(read_config_created(message), message, "config created");
    const Plugin plugin{{{"Name", "x"}}, {{"http://x", false, false, {}, {"Get"}}}};
    const ConfigTarget security{&security_config_resource(), {{"Uri", "http://x"}}};
    expect_sound(read_plugin_put(message, plugin), message, "plugin put");
    expect_sound(read_security_put(message, security), message, "security put");
    expect_sound(read_quickconfig_input(message, "Analyze"), message, "quickconfig");
    expect_sound(read_quickconfig_empty(message, "AnalyzeService"), message, "quickconfig");
    for (const auto& resource : config_resources()) {
        expect_sound(read_config_body(message, {&resource, {}}), message, "config body");
        expect_sound(read_config_answer(message, action::get, resource), message, "config answer");
    }
    expect_sound(cim::read_instance(message.body), message, "instance");
    expect_sound(cim::read_reference(message.body), message, "reference");
    expect_sound(cim::read_target(message), message, "target");
    expect_sound(cim::read_enumeration(message), message, "enumeration");
    expect_sound(cim::read_method(message), message, "method");
    expect_sound(cim::read_object_response(message, action::get), message, "object response");
    expect_sound(cim::read_created_response(message), message, "created response");
    for (const auto request : {action::enumerate, action::pull}) {
        auto batch = cim::BatchStream::of(message.document.root().to_xml(), request, wire_limits(1 << 20));
        expect_sound(batch, message, "batch");
        while (batch) {
            const auto more = batch->next_item();
            expect_sound(more, message, "item");
            if (!more || !more.value()) break;
            if (batch->has_object()) expect_sound(cim::read_instance(*batch), message, "object");
        }
    }
    (void)is_identify(message);
    (void)check_request_header(message);
}

TEST(Damage, EveryTruncationIsRefused) {
    ASSERT_GE(all_data().size(), 30U);
    for (const auto& name : all_data()) {
        auto whole = read_data(name);
        whole.erase(whole.find_last_not_of(" \t\r\n") + 1);
        ASSERT_TRUE(read_message(whole, wire_limits(1 << 20)).ok()) << name;
        for (std::size_t length = 0; length < whole.size(); ++length)
            ASSERT_FALSE(read_message(std::string_view(whole).substr(0, length), wire_limits(1 << 20)).ok())
                << name << ": accepted the first " << length << " bytes";
    }
}

// Takes the n-th element out of the text; false when there are fewer.
bool without_element(std::string& text, std::size_t n) {
    std::size_t at = 0;
    for (std::size_t i = 0; i <= n; ++i) {
        do {
            at = text.find('<', at);
            if (at == std::string::npos) return false;
            ++at;
        } while (text[at] == '/' || text[at] == '?' || text[at] == '!');
    }
    const auto begin = at - 1;
    const auto tag_end = text.find('>', at);
    if (text[tag_end - 1] == '/') {
        text.erase(begin, tag_end + 1 - begin);
        return true;
    }
    const auto name = text.substr(at, text.find_first_of(" >\t\r\n", at) - at);
    const auto close = text.find("</" + name + ">", tag_end);
    if (close == std::string::npos) return false;
    text.erase(begin, close + name.size() + 3 - begin);
    return true;
}

TEST(Damage, MissingElementsAreNoticedOrHarmless) {
    std::size_t tried = 0;
    for (const auto& name : all_data()) {
        for (std::size_t n = 0;; ++n) {
            auto text = read_data(name);
            if (!without_element(text, n)) break;
            ++tried;
            const auto message = read_message(text, wire_limits(1 << 20));
            if (message.ok()) read_with_everything(message.value());
        }
    }
    EXPECT_GT(tried, 500U);
}

}  // namespace
}  // namespace mullion::wsman
