// A plan's script on hosts that are reached already.
#include <algorithm>
#include <unordered_map>

#include "cli/prepare_report.h"
#include "cli/prepare_words.h"
#include "cli/report_text.h"
#include "encoding/utf16.h"
#include "prepare/remote.h"

namespace mullion::cli {
namespace {

prepare::Way way_of(const target::Target& target) {
    const bool http = target.scheme == target::Scheme::http ||
                      (target.scheme == target::Scheme::automatic && target.port == 5985);
    const auto usual = static_cast<std::uint16_t>(http ? 5985 : 5986);
    return {!http, target.port != 0 ? target.port : usual, prepare::logon_of(target.transports)};
}

class SecretInput final : public client::InputSource {
public:
    explicit SecretInput(Secret text) : text_(std::move(text)) {}
    Result<std::string> next(std::size_t at_most) override {
        const auto piece = text_.expose().substr(at_, at_most);
        at_ += piece.size();
        return std::string(piece);
    }
    void cancel() override {}  // It never blocks.

private:
    const Secret text_;
    std::size_t at_ = 0;
};

// The first line of a file or of the terminal. Windows takes it as text.
Result<std::shared_ptr<const Secret>> new_password(const PrepareWords& words, const prepare::Plan& plan) {
    if (!words.new_password.given() || words.mode() != prepare::Mode::apply)
        return std::shared_ptr<const Secret>();
    MULLION_ASSIGN(auto password, read_password(words.new_password,
                                                "Password for the new account " + plan.new_account + ": "));
    if (password.empty() || !encoding::is_utf8(password.expose()))
        return Error(ErrorId::usage_invalid, "the new account's password is empty, or no text in UTF-8");
    return std::shared_ptr<const Secret>(std::make_shared<Secret>(std::move(password)));
}

int apply_to(Hosts& hosts, PrepareWords& words, const prepare::Plan& plan, Notices& notices,
             const std::shared_ptr<const Secret>& password) {
    HostSecrets secrets(hosts, words.connection->secrets, {"prepare", {}, {}},
                        [&notices](const std::string& text) { notices.tell(text); });
    Preparation preparation(hosts, secrets, words.connection->password,
                            [&notices](const std::string& text) { notices.tell(text); });
    if (const auto checked = preparation.check(); !checked.ok()) return tell(checked.error());
    FleetRun run(hosts, preparation, notices, words.fleet);
    const auto script = prepare::powershell_script(plan, words.mode());
    std::unordered_map<std::size_t, prepare::Way> ways;  // Of hosts whose turn has come.
    const auto prepare_host = [&ways, next = run.prepare()](std::size_t host) {
        auto prepared = next(host);
        if (const auto* const work = std::get_if<fleet::Work>(&prepared)) ways[host] = way_of(work->target);
        return prepared;
    };
    const auto make_input = [&](std::size_t host) -> std::unique_ptr<client::InputSource> {
        const auto node = ways.extract(host);
        const auto way = node.empty() ? prepare::Way() : node.mapped();
        return std::make_unique<SecretInput>(prepare::remote_input(script, way, password.get()));
    };
    PrepareReport report(hosts, run.state(), run.writer(), words.format, words.mode(), make_input);
    client::RunOptions options;
    options.command = prepare::remote_command();
    options.timeout = words.timeout;
    run.fleet().run(hosts.count(), prepare_host, options, report);
    report.finish(run.elapsed());
    return run.end();
}

}  // namespace

int apply_plan(PrepareWords& words, const prepare::Plan& plan) {
    const auto password = new_password(words, plan);
    if (!password.ok()) return tell(password.error());
    Notices notices;
    const auto hosts =
        find_hosts(*words.connection, [&notices](const std::string& text) { notices.tell(text); });
    if (!hosts.ok()) return tell(hosts.error());
    return apply_to(**hosts, words, plan, notices, *password);
}

}  // namespace mullion::cli
