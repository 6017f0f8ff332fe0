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
    fmt::print("{} planted changes, {} missed\n", std::size(plants), missed);
    return missed == 0;
}

}  // namespace mullion::recordings
