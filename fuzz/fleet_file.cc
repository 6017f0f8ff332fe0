// FLEET.yml, and the command lines that hosts are asked: whatever the bytes, an error, or a fleet that can be
// asked for its answers.
#include <string_view>

#include "check.h"
#include "simulate/backend.h"
#include "simulate/faults.h"
#include "simulate/fleet_file.h"
#include "simulate/powershell.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace mullion;
    using namespace mullion::simulate;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto call = read_powershell_line(text);
    FUZZ_CHECK(!call.script || call.called);
    (void)parse_delay(text.substr(0, 64));
    (void)parse_size(text.substr(0, 64));
    (void)parse_code(text.substr(0, 64));

    const ReadFile files = [](const std::string& path) -> Result<std::string> {
        if (path.size() % 2 == 0) return std::string("from a file\n");
        return Error{ErrorId::usage_file, path};
    };
    const auto fleet = read_fleet(text, files);
    if (!fleet.ok()) {
        FUZZ_CHECK(fleet.error().id == ErrorId::fleet_file_invalid ||
                   fleet.error().id == ErrorId::usage_file);
        return 0;
    }
    FUZZ_CHECK(!fleet->hosts.empty());
    const HostSpec& host = fleet->hosts.back();
    FUZZ_CHECK(host.kind->accounts && !host.kind->accounts->empty());
    const std::string input = "input";
    const CommandText command = command_text("echo a");
    const Choice choice = choose_answer(*host.kind, command, &input);
    FUZZ_CHECK(choice.answer && !choice.answer->pieces.empty());
    for (const auto& piece : choice.answer->pieces)
        (void)fill_in(piece.text, {host.name, host.address, "user", {}}, command, choice.groups);
    Faults faults(*fleet, host);
    for (std::size_t step = 0; step < step_count; ++step)
        (void)faults.due(static_cast<Step>(step), [&] { return std::optional(command); });
    return 0;
}
