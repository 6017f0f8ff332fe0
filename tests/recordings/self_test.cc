// The positive control: a change planted in a recording must be seen.
#include <fmt/core.h>

#include "recordings/replay.h"

namespace mullion::recordings {

namespace {

struct Plant {
    std::string_view what;
    std::string_view file;
    std::size_t message;
    bool in_response;
    std::string_view from;
    std::string_view to;
};

constexpr Plant plants[] = {
    {"an element in an answer that we do not know", "test_winrs_send.yml", 4, true, "<rsp:CommandState",
     "<rsp:Unheard>1</rsp:Unheard><rsp:CommandState"},
    {"an attribute in an answer that we do not know", "test_winrs_send.yml", 4, true, "<rsp:CommandState",
     "<rsp:CommandState Unheard=\"1\""},
    {"a header in an answer that we do not know", "test_winrs_standard.yml", 0, true, "</s:Header>",
     "<p:Unheard>1</p:Unheard></s:Header>"},
    {"a property of a shell that we do not know", "test_psrp_disconnect_runspaces.yml", 11, true,
     "<rsp:Owner>", "<rsp:Unheard>1</rsp:Unheard><rsp:Owner>"},
    {"a number that we cannot keep", "test_winrs_send.yml", 4, true, "<rsp:ExitCode>0<",
     "<rsp:ExitCode>zero<"},
    {"a setting with more than we read", "test_wsman_update_envelope_size_500.yml", 0, true,
     "<cfg:IdleTimeout>", "<cfg:IdleTimeout Unheard=\"1\">"},
    {"a configuration with more than we read", "test_wsman_update_envelope_size_500.yml", 0, true,
     "<cfg:Config ", "<cfg:Config Unheard=\"1\" "},
    {"a selector in a Get of the configuration", "test_wsman_update_envelope_size_500.yml", 0, false,
     "</s:Header>",
     "<wsman:SelectorSet><wsman:Selector Name=\"Unheard\">1</wsman:Selector></wsman:SelectorSet></s:Header>"},
    {"a fault with more than we read", "test_winrs_fail_poll_process.yml", 1, true, "</f:WSManFault>",
     "</f:WSManFault><f:Unheard xmlns:f=\"urn:f\"/>"},
    {"an answer that is cut", "test_winrs_send.yml", 4, true, "</s:Envelope>", ""},
    {"an element in a request that we would not write", "test_winrs_send.yml", 1, false, "<rsp:Arguments>",
     "<rsp:Unheard>1</rsp:Unheard><rsp:Arguments>"},
    {"a header in a request that we would not write", "test_winrs_send.yml", 1, false, "</s:Header>",
     "<wsman:Unheard>1</wsman:Unheard></s:Header>"},
    {"an option in a request that we would not write", "test_winrs_send.yml", 1, false, "</wsman:OptionSet>",
     "<wsman:Option Name=\"UNHEARD\">1</wsman:Option></wsman:OptionSet>"},
    {"an action that we would not write", "test_winrs_send.yml", 1, false, "shell/Command<", "shell/Order<"},
};

// A service that says what Windows said, with ids of its own and one change.
class Echo final : public Answerer {
public:
    Echo(std::string_view from, std::string_view to) : from_(from), to_(to) {}
    void begin() override {}
    std::optional<std::string> answer(const Exchange& exchange) override {
        if (exchange.index > 0 && exchange.request.find(recorded_shell) != std::string_view::npos)
            ids_followed = false;
        std::string text(exchange.windows_answer);
        for (auto at = text.find(recorded_shell); at != std::string::npos; at = text.find(recorded_shell))
            text.replace(at, recorded_shell.size(), our_shell);
        if (const auto at = text.find(from_); !from_.empty() && at != std::string::npos)
            text.replace(at, from_.size(), to_);
        return text;
    }
    bool ids_followed = true;

private:
    static constexpr std::string_view recorded_shell = "0D6FCA9D-2D40-44C3-B691-E665BE7AA687";
    static constexpr std::string_view our_shell = "11111111-2222-4333-8444-555555555555";
    std::string_view from_;
    std::string_view to_;
};

// How many answers of the service are not in the recorded form.
std::size_t differing(const std::string& folder, Echo& echo) {
    const auto pairs = load_recording(folder + "/test_winrs_send.yml");
    if (!pairs) return 0;
    std::size_t count = 0;
    for (const auto& outcome : replay("test_winrs_send.yml", pairs.value(), &echo))
        if (!outcome.answered.empty()) ++count;
    return count;
}

std::size_t missed_answers(const std::string& folder) {
    std::size_t missed = 0;
    const auto expect = [&](bool holds, std::string_view what) {
        if (holds) return;
        fmt::print("MISSED: {}\n", what);
        ++missed;
    };
    Echo same("", "");
    expect(differing(folder, same) == 0, "a service that answers as Windows does");
    expect(same.ids_followed, "ids that the service chose, in later requests");
    Echo other_values("<rsp:Owner>vagrant<", "<rsp:Owner>somebody<");
    expect(differing(folder, other_values) == 0, "an answer with another value and the same form");
    Echo less("<rsp:ExitCode>0</rsp:ExitCode>", "");
    expect(differing(folder, less) == 1, "an answer that lacks an element");
    Echo other_word("CommandState/Done", "CommandState/Over");
    expect(differing(folder, other_word) == 1, "an answer with another word of the protocol");
    return missed;
}

bool is_seen(const std::string& folder, const Plant& plant) {
    auto pairs = load_recording(folder + "/" + std::string(plant.file));
    if (!pairs || plant.message >= pairs.value().size()) {
        fmt::print("self test: no message {} in {}\n", plant.message, plant.file);
        return false;
    }
    auto& pair = pairs.value()[plant.message];
    auto& text = plant.in_response ? pair.response : pair.request;
    const auto holds = [&] {
        const auto outcome = replay(std::string(plant.file), {pair}, nullptr).at(0);
        return plant.in_response ? outcome.read.empty() : outcome.made.empty();
    };
    const auto at = text.find(plant.from);
    if (at == std::string::npos || !holds()) {
        fmt::print("self test: {} does not hold before the change\n", plant.file);
        return false;
    }
    text.replace(at, plant.from.size(), plant.to);
    return !holds();
}

}  // namespace

bool self_test(const std::string& folder) {
    std::size_t missed = 0;
    for (const auto& plant : plants) {
        if (is_seen(folder, plant)) continue;
        fmt::print("MISSED: {}\n", plant.what);
        ++missed;
    }
    missed += missed_answers(folder);
    fmt::print("{} planted changes, {} missed\n", std::size(plants) + 5, missed);
    return missed == 0;
}

}  // namespace mullion::recordings
