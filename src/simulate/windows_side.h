// The Windows side of `mullion prepare`, played: what of a script's steps is so already, what each run
// changes, and the journal that its undo goes by. No PowerShell runs: the steps are found in the script that
// came.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace mullion::simulate {

// As FLEET.yml says it.
struct WindowsSideSpec {
    bool all = false;                          // Every step is so already.
    std::set<std::string> done;                // These are.
    std::map<std::string, std::string> fails;  // By the step: what it says.
    std::string ends_after;                    // The script breaks off behind this step, without an end.
};

// A step as the script has it.
struct ScriptStep {
    std::string id;
    std::vector<std::string> needs;
    std::string text;  // Its line: another value is another step to be done.
};
struct PrepareScript {
    std::string journal, mode;  // "host"; "Apply", "Check", "Undo".
    std::vector<ScriptStep> steps;
    bool has_password = false;
};
// What came by standard input: the line of the session and the script in base64. Nothing for what is no
// script of that kind.
[[nodiscard]] std::optional<PrepareScript> read_prepare_input(const std::string& input);

class WindowsSide {
public:
    struct Played {
        std::string output;
        std::uint32_t exit_code = 0;
    };
    explicit WindowsSide(std::shared_ptr<const WindowsSideSpec> spec) : spec_(std::move(spec)) {}
    [[nodiscard]] Played play(const PrepareScript& script);

private:
    // What a step is set to; "*": whatever is wished.
    using Value = std::optional<std::string>;
    struct Entry {
        std::string id;
        std::vector<std::string> needs;
        Value before;
        bool shared = false;  // Rights that every account has by its group.
    };
    class Run;

    [[nodiscard]] Value value_of(const std::string& id) const;
    [[nodiscard]] bool is_so(const ScriptStep& step) const;

    const std::shared_ptr<const WindowsSideSpec> spec_;
    std::map<std::string, Value> changed_;  // By step, over what the file says.
    std::map<std::string, std::vector<Entry>> journals_;
};

}  // namespace mullion::simulate
