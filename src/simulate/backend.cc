#include "simulate/backend.h"

#include <fmt/core.h>

#include <utility>

#include "service/shells/shell_faults.h"
#include "service/shells/shell_operation.h"
#include "simulate/powershell.h"

namespace mullion::simulate {
namespace {

constexpr std::size_t most_remembered = 4'096;
constexpr std::size_t longest_line = 8'191;  // cmd.exe's.

std::string first_word(const std::string& text) {
    const auto begin = text.find_first_not_of(" \t\r\n");
    if (begin == std::string::npos) return {};
    return text.substr(begin, text.find_first_of(" \t\r\n", begin) - begin);
}

// What cmd.exe and PowerShell say of a command that they do not know.
std::shared_ptr<const Answer> not_recognized(const CommandText& command) {
    auto answer = std::make_shared<Answer>();
    Piece piece;
    piece.stream = service::OutputStream::standard_error;
    const std::string word = first_word(command.shown());
    if (command.script)
        piece.text = fmt::format(
            "{0} : The term '{0}' is not recognized as the name of a cmdlet, function, script file, or "
            "operable program.\r\n"
            "    + CategoryInfo          : ObjectNotFound: ({0}:String) [], CommandNotFoundException\r\n"
            "    + FullyQualifiedErrorId : CommandNotFoundException\r\n",
            word);
    else
        piece.text = fmt::format(
            "'{}' is not recognized as an internal or external command,\r\noperable program or batch "
            "file.\r\n",
            word);
    answer->pieces.push_back(std::move(piece));
    answer->exit_code = 1;
    answer->templates = false;
    return answer;
}

}  // namespace

CommandText command_text(std::string line) {
    CommandText text;
    const auto call = read_powershell_line(line);
    text.script = call.script;
    text.line = std::move(line);
    return text;
}

Choice choose_answer(const HostKind& kind, const CommandText& command, const std::string* input) {
    for (const auto& answer : kind.answers) {
        auto groups = answer->command.of(command);
        if (!groups) continue;
        if (answer->input && input == nullptr) return {};
        if (answer->input && !answer->input->of(std::string_view(*input))) continue;
        return {answer, std::move(*groups)};
    }
    return {kind.otherwise ? kind.otherwise : not_recognized(command), {command.shown()}};
}

service::Outcome<std::vector<std::string>> Backend::command_words(const service::Shell&,
                                                                  const wsman::RunCommand& what) {
    std::string line = what.command;
    for (const auto& argument : what.arguments) line += " " + argument;
    // Without cmd.exe in front the limit is CreateProcess's, 32,767.
    if (line.size() > (what.skip_cmd_shell.value_or(false) ? 4 * longest_line : longest_line))
        return service::command_shell_fault(wsman::code::command_too_long);
    return std::vector<std::string>{std::move(line)};
}

std::shared_ptr<const Answer> Backend::prepare(const std::string& input) {
    const auto script = read_prepare_input(input);
    if (!script) return nullptr;
    auto played = windows_side_->play(*script);
    auto answer = std::make_shared<Answer>();
    Piece piece;
    piece.text = std::move(played.output);
    answer->pieces.push_back(std::move(piece));
    answer->exit_code = played.exit_code;
    answer->templates = false;
    return answer;
}

void Backend::keep(const std::string& command_id, const CommandText& command) {
    const std::lock_guard lock(mutex_);
    commands_.insert_or_assign(command_id, command);
    order_.push_back(command_id);
    if (order_.size() <= most_remembered) return;
    commands_.erase(order_.front());
    order_.pop_front();
}

std::optional<CommandText> Backend::command_of(const std::string& command_id) {
    const std::lock_guard lock(mutex_);
    const auto found = commands_.find(service::upper(command_id));
    if (found == commands_.end()) return std::nullopt;
    return found->second;
}

net::Task<service::CommandBackend::Started> Backend::start(service::CommandStart what) {
    ledger_.executed(what.command_id);
    const HostKind& kind = *host_.kind;
    CommandText command = command_text(what.argv.front());
    if (remember_) keep(what.command_id, command);
    // Its PowerShell reads the script from $input.
    const bool may_prepare =
        windows_side_ && command.script && command.script->find("$input") != std::string::npos;
    const bool script_by_input = !command.script && read_powershell_line(command.line).by_input;
    Names names{host_.name, host_.address, what.user, what.working_directory};
    auto script = std::make_unique<Script>(executor_, std::move(names), command);
    Choice choice = script_by_input || may_prepare ? Choice{} : choose_answer(kind, command, nullptr);
    if (choice.answer) {
        script->play(std::move(choice));
    } else {
        script->play_after_input(
            [this, &kind, command, script_by_input, may_prepare](const std::string& input) {
                if (may_prepare)
                    if (auto answer = prepare(input)) return Choice{std::move(answer), {}};
                CommandText whole = command;
                if (script_by_input) whole.script = input;
                return choose_answer(kind, whole, &input);
            });
    }
    co_return std::unique_ptr<service::RunningProcess>(std::move(script));
}

}  // namespace mullion::simulate
