#include "doctor/monitoring/questions.h"

#include <fmt/core.h>

#include <algorithm>

#include "checks/mode.h"
#include "wsman/values.h"

namespace mullion::doctor {
namespace {

std::string key_of(const checks::Query& query) {
    return fmt::format("query {}\n{}", query.cim_namespace, query.wql);
}

std::string key_of(const checks::Call& call) {
    auto key = fmt::format("call {}\n{}\n{}", call.of.of.cim_namespace, call.of.of.class_name, call.method);
    for (const auto& argument : call.arguments) {
        key += "\n" + argument.name;
        for (const auto& value : argument.values) key += "=" + value.text;
    }
    return key;
}

std::string key_of(const checks::Command& command) {
    return (command.powershell ? "script " : "command ") + command.text;
}

std::string key_of(const checks::Identification&) {
    return "identify";
}

std::string key_of(const checks::TimeServer& server) {
    return fmt::format("time {}:{}", server.host, server.port);
}

}  // namespace

const Told& Questions::ask(Probes& probes, auth::Transport way_in, const checks::Ask& question) {
    const auto key = std::visit([](const auto& one) { return key_of(one); }, question);
    if (const auto known = answers_.find(key); known != answers_.end()) return known->second;
    auto told = lost_ ? Told{checks::Answer{*lost_}} : probes.ask(way_in, question);
    if (!lost_ && ends_it(told)) lost_ = *told.answer.error();
    return answers_.emplace(key, std::move(told)).first->second;
}

// Where the host has said something, if only no, others may be answered all the same; likewise behind one
// class that takes long, as a large event log does, and not behind two.
bool Questions::ends_it(const Told& told) {
    const auto* error = told.answer.error();
    const bool late = error != nullptr && error->id == ErrorId::run_timeout;
    late_ = late ? late_ + 1 : 0;
    if (error == nullptr || (late && late_ < 2)) return false;
    return error->info().phase != Phase::wsman && error->id != ErrorId::http_too_large;
}

std::string class_of(const checks::Ask& question) {
    if (const auto* call = std::get_if<checks::Call>(&question)) return call->of.of.class_name;
    const auto* query = std::get_if<checks::Query>(&question);
    if (query == nullptr) return {};
    constexpr std::string_view from = " from ";
    const auto low = wsman::lower(query->wql);
    const auto at = low.find(from);
    if (at == std::string::npos) return {};
    const auto begin = at + from.size();
    return query->wql.substr(begin, std::min(query->wql.find(' ', begin), query->wql.size()) - begin);
}

std::string name_of(const checks::Ask& question) {
    if (const auto* query = std::get_if<checks::Query>(&question))
        return fmt::format("{} in {}", class_of(question), query->cim_namespace);
    if (const auto* call = std::get_if<checks::Call>(&question))
        return fmt::format("{} of {} in {}", call->method, class_of(question), call->of.of.cim_namespace);
    if (const auto* command = std::get_if<checks::Command>(&question))
        return command->powershell ? std::string("a script of PowerShell")
                                   : fmt::format("`{}`", command->text);
    return "Identify";
}

bool may_be_folder(std::string_view text) {
    checks::Words words;
    words.set("folder", std::string(text));
    return (text.ends_with('/') || text.ends_with('\\')) &&
           !questions_of("files-size", words, system_clock()).empty();
}

std::vector<checks::Ask> questions_of(std::string_view mode, const checks::Words& words, const Clock& clock) {
    const auto* info = checks::find_mode(mode);
    if (info == nullptr) return {};
    const checks::Setting setting{words, {}, 0, clock, false};
    const auto made = info->make();
    if (!made->prepare(setting).ok()) return {};
    return made->ask(setting, {});
}

}  // namespace mullion::doctor
