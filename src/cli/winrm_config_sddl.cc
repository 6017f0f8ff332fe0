#include "cli/winrm_config_sddl.h"

#include <fmt/core.h>
#include <unistd.h>

#include <memory>

#include "cli/account_names.h"
#include "cli/config_sddl_command.h"
#include "wsman/config_plugin.h"
#include "wsman/uris.h"
#include "xml/document.h"
#include "xml/rewrite.h"
#include "xml/writer.h"

namespace mullion::cli {
namespace {

Error no_descriptor(std::string_view what) {
    return {ErrorId::wsman_malformed, "the answer has no " + std::string(what)};
}

// RootSDDL stands in the service's own configuration, which is put back whole.
Result<std::string> with_root(std::string_view service, const std::string& sddl) {
    MULLION_ASSIGN(const auto document, xml::Document::parse(service));
    for (const auto& child : document.root().children()) {
        if (child.local() != "RootSDDL") continue;
        const xml::Change change{child, xml::Change::Kind::text, sddl};
        return xml::rewritten(document.root(), {&change, 1});
    }
    return no_descriptor("RootSDDL");
}

// As it was but for the descriptor: who made it count for that resource alone meant it.
Result<std::string> with_sddl(std::string_view security, const std::string& uri, const std::string& sddl) {
    MULLION_ASSIGN(const auto document, xml::Document::parse(security));
    const auto exact = document.root().attribute("", "ExactMatch").value_or("false");
    xml::Writer writer;
    writer.open("p:Security").declare("p", wsman::plugin_space).attribute("Uri", uri).attribute("Sddl", sddl);
    return writer.attribute("ExactMatch", exact).close().take();
}

Result<std::string> descriptor_in(std::string_view answer, bool root) {
    MULLION_ASSIGN(const auto document, xml::Document::parse(answer));
    if (!root) {
        auto sddl = document.root().attribute("", "Sddl");
        if (!sddl) return no_descriptor("Sddl");
        return std::string(*sddl);
    }
    for (const auto& child : document.root().children())
        if (child.local() == "RootSDDL") return child.trimmed();
    return no_descriptor("RootSDDL");
}

// The descriptor on its way from and to the host.
class Place {
public:
    Place(WinrmOperations& operations, const winrm::Request& request)
        : operations_(operations), request_(request) {}

    Result<std::string> get() {
        auto answer = operations_.ask("get", operations_.transfer(wsman::action::get));
        if (!answer) return told();
        answer_ = std::move(*answer);
        MULLION_ASSIGN(before_, descriptor_in(answer_, request_.root_sddl));
        return before_;
    }

    // Into what is there now: a person may have looked at the descriptor for an hour.
    Result<void> put(const std::string& sddl) {
        const std::string before = before_;
        MULLION_ASSIGN(const std::string now, get());
        if (now != before) {
            Error error(ErrorId::usage_invalid, "somebody else changed the descriptor meanwhile");
            error.advice.emplace_back("Look at it, and say the change again.");
            return error;
        }
        auto put = operations_.transfer(wsman::action::put);
        if (request_.root_sddl) {
            MULLION_ASSIGN(put.body, with_root(answer_, sddl));
        } else {
            MULLION_ASSIGN(put.body, with_sddl(answer_, request_.resource.selectors.front().value, sddl));
        }
        if (!operations_.ask("put", put)) return told();
        return {};
    }

    [[nodiscard]] bool was_told() const { return told_; }

private:
    // What the host said stands on standard error already.
    Error told() {
        told_ = true;
        return {ErrorId::wsman_malformed, "the host did not answer"};
    }

    WinrmOperations& operations_;
    const winrm::Request& request_;
    std::string answer_;
    std::string before_;
    bool told_ = false;
};

bool has_person() {
    return ::isatty(STDIN_FILENO) == 1 && ::isatty(STDOUT_FILENO) == 1;
}

int print(const std::string& text, WinrmOutput& output) {
    return output.print(text) ? winrm_status::ok : winrm_status::failed;
}

// Without the list what is known everywhere still goes.
std::unique_ptr<rights::Names> names_for(bool at_the_machine, const std::string& state, WinrmOutput& output) {
    if (!at_the_machine) return std::make_unique<rights::Names>();
    auto accounts = accounts_of(state);
    if (accounts.ok()) return std::make_unique<AccountNames>(std::move(*accounts));
    output.complain(
        fmt::format("Warning: the names of accounts are not known: {}\n", accounts.error().detail));
    return std::make_unique<rights::Names>();
}

}  // namespace

winrm::Request sddl_resource(winrm::Request request) {
    winrm::Resource resource;
    resource.uri = std::string(wsman::resource::config) + "/service";
    if (!request.root_sddl) {
        resource.uri += "/security";
        resource.selectors = {{"Uri", request.resource.uri}};
    }
    resource.given = resource.uri;
    request.resource = std::move(resource);
    return request;
}

int config_sddl(WinrmOperations& operations, const winrm::Request& request, const OwnOptions& own,
                bool at_the_machine, WinrmOutput& output) {
    Place place(operations, request);
    const auto fail = [&](const Error& error) {
        return place.was_told() ? winrm_status::failed : operations.tell(error);
    };
    SddlChange change{own.grants, own.revokes, {}};
    if (!own.sddl.empty()) change.sddl = own.sddl;
    const bool changes = change.sddl || !change.grants.empty() || !change.revokes.empty();
    if (!changes && !has_person()) {  // Nobody could edit it.
        const auto sddl = place.get();
        return sddl.ok() ? print(*sddl + "\n", output) : fail(sddl.error());
    }
    SddlPlace where;
    where.name = request.root_sddl ? "RootSDDL" : request.resource.selectors.front().value;
    where.get = [&] { return place.get(); };
    where.put = [&](const std::string& sddl) { return place.put(sddl); };
    const auto names = names_for(at_the_machine, own.state, output);
    const auto done = config_sddl(change, where, *names, edit_in_editor);
    return done.ok() ? print(*done, output) : fail(done.error());
}

}  // namespace mullion::cli
