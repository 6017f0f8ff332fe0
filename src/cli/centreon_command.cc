// `mullion-centreon`: the command line of Centreon's plugin for Windows over WS-Management.
#include "cli/centreon_command.h"

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <string>
#include <string_view>

#include "checks/centreon_line.h"
#include "checks/centreon_options.h"
#include "checks/check_file/ad_hoc.h"
#include "checks/limit.h"
#include "checks/output/plan.h"
#include "checks/state_options.h"
#include "cli/centreon_target.h"
#include "cli/check_run.h"
#include "cli/check_source.h"
#include "cli/one_host.h"
#include "cli/password.h"
#include "cli/printable.h"
#include "cli/wiped_words.h"
#include "cli/write_all.h"
#include "client/kerberos_logon.h"
#include "core/secret.h"
#include "target/option_values.h"

namespace mullion::cli {
namespace {

using checks::CentreonLine;
using checks::ModeInfo;
using checks::OptionSpec;

Error invalid(std::string text) {
    return {ErrorId::usage_invalid, std::move(text)};
}

Error unsupported(std::string text) {
    return {ErrorId::usage_unsupported, std::move(text)};
}

// What Centreon prints without a status in front of it.
int say(const std::string& text, checks::Words words) {
    words.set("output-ignore-label", "1");
    return refuse_check(invalid(text), words);
}

// ---- help ----

std::string help_of(std::string_view title, std::span<const OptionSpec> options) {
    std::string text = fmt::format("{}:\n", title);
    for (const auto& option : options) {
        std::string names = "--" + option.name;
        if (!option.same_as.empty()) {
            text += fmt::format("  {}\n        the same as --{}\n", names, option.same_as);
            continue;
        }
        if (option.kind != OptionSpec::Kind::flag)
            names += "=" + (option.type_name.empty() ? std::string("TEXT") : option.type_name);
        const auto fallback = option.fallback.empty() ? "" : fmt::format(" (default {})", option.fallback);
        text += fmt::format("  {}\n        {}{}\n", names, option.help, fallback);
    }
    return text + "\n";
}

const std::vector<OptionSpec>& our_options() {
    static const std::vector<OptionSpec> list{
        {"timeout", OptionSpec::Kind::value, "", "SECONDS", checks::timeout_help()}};
    return list;
}

std::string general_help() {
    return fmt::format(
        "Mullion {}: checks of Windows over WS-Management, with the command line of Centreon's plugin.\n\n"
        "Usage: mullion-centreon --plugin=os::windows::wsman::plugin --mode=MODE --hostname=HOST "
        "[OPTION…]\n\n"
        "Example: mullion-centreon --plugin=os::windows::wsman::plugin --mode=memory --hostname=web01 "
        "--wsman-scheme=https --wsman-port=5986 --wsman-username='monitor@CORP.EXAMPLE' --password-file=pw "
        "--wsman-auth-method=gssnegotiate --warning-usage-prct=80 --verbose\n\n{}{}{}{}{}{}",
        MULLION_VERSION, help_of("Global options", checks::centreon_global_options()),
        help_of("Plugin options", checks::centreon_plugin_options()),
        help_of("Connection, as Centreon has it", checks::centreon_wsman_options()),
        help_of("Connection, ours", centreon_own_options()), help_of("Time", our_options()),
        help_of("Output", checks::output_options()));
}

std::string mode_help(const ModeInfo& mode) {
    auto text = fmt::format("{}: {}\n\n{}", mode.name, mode.help, help_of("Mode", mode.options));
    if (!mode.two_samples) return text;
    text += "Last values:\n  --sample-interval=SECONDS\n        Look twice in one run, so far apart\n";
    return text + help_of("Kept", checks::state_options());
}

std::string mode_list() {
    std::string text = "Modes Available:\n";
    for (const auto& mode : checks::modes()) text += fmt::format("   {}\n", mode.name);
    return text;
}

// ---- the rounds ----

class Check {
public:
    Check(CentreonLine line, std::optional<Secret> password)
        : line_(std::move(line)), password_(std::move(password)) {}

    int run();

    // Whether warnings are wanted, as far as the first round says.
    [[nodiscard]] static bool is_quiet(const std::vector<std::string_view>& words) {
        return std::any_of(words.begin(), words.end(),
                           [](std::string_view word) { return word.starts_with("--ignore-warn-msg"); });
    }

private:
    // Each gives an exit status where the line ends with it.
    [[nodiscard]] std::optional<int> read_global();
    [[nodiscard]] std::optional<int> read_plugin();
    [[nodiscard]] Result<void> read_rest();
    [[nodiscard]] Result<void> set_environment() const;
    [[nodiscard]] Result<void> check_user() const;
    [[nodiscard]] Result<void> check_mode_version() const;
    [[nodiscard]] Result<CheckRun> prepare();
    [[nodiscard]] Result<auth::Credential> credential_for(const target::Target& target);
    [[nodiscard]] Result<target::Target> reach();
    [[nodiscard]] SecretWords secret_words() const;
    [[nodiscard]] int refuse(const Error& error) const { return refuse_check(error, words_); }

    CentreonLine line_;
    std::optional<Secret> password_;
    std::optional<OneHostLogOn> stored_;  // --wsman-credential
    checks::Words words_;
    const ModeInfo* mode_ = nullptr;
    ModeInfo own_mode_;  // Of a check file, or of a query.
};

const std::vector<OptionSpec>& compat_option() {
    static const std::vector<OptionSpec> list{{"centreon-compat", OptionSpec::Kind::flag, "", "",
                                               "Do as Centreon's plugin does also where it is wrong"}};
    return list;
}

std::optional<int> Check::read_global() {
    line_.take(compat_option(), words_);  // Options of the output are taken otherwise with it.
    line_.take(checks::output_options(), words_);
    line_.take(checks::centreon_global_options(), words_);
    if (const auto right = checks::check_output(words_); !right.ok()) return refuse(right.error());
    if (words_.has("help") && !words_.has("plugin")) return say(general_help(), words_);
    if (words_.has("list-plugin"))
        return say(
            fmt::format(
                "-----------------\nPLUGIN: {}\nDESCRIPTION:\n    Check Windows operating systems through "
                "\"WinRM\" (ws-management protocol).",
                checks::plugin_name),
            words_);
    const auto plugin = words_.text("plugin");
    if (plugin.empty()) {
        if (words_.has("version"))
            return say(fmt::format("Global Version: Mullion {}", MULLION_VERSION), words_);
        return refuse(invalid("Need to specify '--plugin' option."));
    }
    if (const auto converts = words_.text("convert-args"); !converts.empty())
        return refuse(
            unsupported(fmt::format("--convert-args {}: write the words as they are meant", converts)));
    if (const auto set = set_environment(); !set.ok()) return refuse(set.error());
    if (const auto right = check_user(); !right.ok()) return refuse(right.error());
    if (plugin != checks::plugin_name)
        return refuse(
            invalid(fmt::format("Cannot load module --plugin. There is {} alone.", checks::plugin_name)));
    return {};
}

// Here and now, where Centreon starts itself again: nothing of it was read yet.
Result<void> Check::set_environment() const {
    for (const auto& pair : words_.all("environment")) {
        const auto equals = pair.find('=');
        if (equals == std::string::npos || equals == 0) continue;  // As Centreon does.
        const auto name = pair.substr(0, equals);
        if (name.starts_with("LD_"))
            return invalid(
                fmt::format("--environment {}: it steers the loader of this program: set it before", name));
        ::setenv(name.c_str(), pair.c_str() + equals + 1, 1);
    }
    return {};
}

Result<void> Check::check_user() const {
    const std::string name(words_.text("runas"));
    if (name.empty()) return {};
    const auto* const user = ::getpwnam(name.c_str());  // NOLINT(concurrency-mt-unsafe): there is one thread.
    if (user == nullptr) return invalid(fmt::format("Runas user '{}' not exist.", name));
    if (user->pw_uid == ::geteuid()) return {};
    return unsupported(
        fmt::format("--runas {0}: start it as that user: sudo -u {0} mullion-centreon …", name));
}

std::optional<int> Check::read_plugin() {
    line_.take(checks::centreon_plugin_options(), words_);
    const auto name = words_.text("mode");
    const bool no_mode = !words_.has("mode") && !words_.has("dyn-mode");
    if (words_.has("help") && no_mode) return say(general_help(), words_);
    if (words_.has("version") && no_mode) return say("Plugin Version: 1.0", words_);
    if (words_.has("list-mode")) return say(mode_list(), words_);
    if (!words_.text("pass-manager").empty())
        return refuse(
            unsupported("--pass-manager: use --password-file FILE, whose first line is the password"));
    if (name.empty()) {
        if (!words_.text("dyn-mode").empty())
            return refuse(
                unsupported("--dyn-mode: it is a module of Perl; mullion check wql asks what you like"));
        return refuse(invalid("Need to specify '--mode' or '--dyn-mode' option."));
    }
    if (name == "multi") return refuse(unsupported("--mode multi: start one check for each mode"));
    mode_ = checks::find_mode(name);
    if (mode_ == nullptr)
        return refuse(invalid(
            fmt::format("mode '{}' doesn't exist (use --list-mode option to show available modes).", name)));
    if (mode_->name == "wql") {
        checks::Words source;
        line_.take(checks::check_source_options(), source);
        auto own = mode_of_source(source);
        if (!own.ok()) return refuse(own.error());
        own_mode_ = std::move(*own);
        mode_ = &own_mode_;
    }
    if (words_.has("help")) return say(mode_help(*mode_), words_);
    if (words_.has("version")) return say("Mode Version: 1.0", words_);
    if (const auto right = check_mode_version(); !right.ok()) return refuse(right.error());
    return {};
}

// Every mode of Centreon's is of version 1.0, and has the options of that.
Result<void> Check::check_mode_version() const {
    const auto wanted = words_.text("mode-version");
    unsigned major = 0;
    unsigned minor = 0;
    const auto* const end = wanted.data() + wanted.size();
    const auto first = std::from_chars(wanted.data(), end, major);
    if (first.ptr != end && *first.ptr == '.') (void)std::from_chars(first.ptr + 1, end, minor);
    if (wanted.empty() || std::pair(major, minor) <= std::pair(1U, 0U)) return {};
    return invalid(fmt::format("Not good version for plugin mode. Excepted at least: {}. Get: 1.0", wanted));
}

std::vector<OptionSpec> without(std::span<const OptionSpec> some, std::span<const OptionSpec> known) {
    std::vector<OptionSpec> left;
    for (const auto& one : some) {
        const bool there = std::any_of(known.begin(), known.end(),
                                       [&](const auto& other) { return other.name == one.name; });
        if (!there) left.push_back(one);
    }
    return left;
}

Result<void> Check::read_rest() {
    auto specs = mode_->options;
    const auto add = [&specs](std::span<const OptionSpec> more) {
        const auto left = without(more, specs);
        specs.insert(specs.end(), left.begin(), left.end());
    };
    add(checks::centreon_wsman_options());
    add(centreon_own_options());
    add(our_options());
    static const std::vector<OptionSpec> twice{{"sample-interval", OptionSpec::Kind::value}};
    if (mode_->two_samples) add(twice);
    if (mode_->two_samples) add(checks::state_options());
    if (words_.has("no-sanity-options")) {
        line_.take(specs, words_);
        return {};
    }
    return line_.take_rest(specs, words_);
}

Result<std::optional<Duration>> seconds_of(const checks::Words& words, std::string_view name) {
    const auto text = words.text(name);
    if (text.empty()) return std::optional<Duration>();
    const auto seconds = target::parse_seconds(text);
    if (!seconds.ok()) return invalid(fmt::format("--{} {}: {}", name, text, seconds.error().detail));
    return std::optional(*seconds);
}

// Centreon looks for the first digits, wherever they stand: "10", "10s". 0 is no limit.
Result<void> read_global_timeout(const checks::Words& words, CheckRun& run) {
    const auto text = words.text("global-timeout");
    if (text.empty()) return {};
    constexpr std::string_view digits = "0123456789";
    const auto first = text.find_first_of(digits);
    if (first == std::string_view::npos)
        return invalid(fmt::format("--global-timeout {}: it is a number of seconds", text));
    const auto number = text.substr(first, text.find_first_not_of(digits, first) - first);
    run.without_end = number.find_first_not_of('0') == std::string_view::npos;
    if (run.without_end) return {};
    const auto seconds = target::parse_seconds(number);
    if (!seconds.ok()) return invalid(fmt::format("--global-timeout {}: {}", text, seconds.error().detail));
    run.whole = *seconds;
    return {};
}

Result<auth::Credential> Check::credential_for(const target::Target& target) {
    if (stored_) {
        MULLION_ASSIGN(auto account, stored_->account(target));
        return std::move(account.credential);
    }
    auth::Credential credential;
    credential.user = target.user;
    const std::string file(words_.text("password-file"));
    if (password_ && !password_->empty() && !file.empty())
        return invalid("--wsman-password and --password-file both give the password: name one");
    const bool needs = target::takes_password(target) && !client::brings_tickets(target);
    if (file.empty()) {
        if (password_) credential.password = std::move(*password_);
        return credential;
    }
    if (!needs) return credential;
    PasswordSource source;
    source.file = file;
    MULLION_ASSIGN(credential.password, read_password(source, {}));
    return credential;
}

SecretWords Check::secret_words() const {
    SecretWords words;
    words.store.file = words_.text("store");
    words.store.passphrase_file = words_.text("store-passphrase-file");
    words.store.delegate = words_.text("delegate-name");
    const auto tags = words_.all("delegate-tag");
    words.store.delegate_tags.assign(tags.begin(), tags.end());
    if (words_.has("secret-scope")) words.scope = words_.text("secret-scope");
    return words;
}

Result<target::Target> Check::reach() {
    const std::string credential(words_.text("wsman-credential"));
    if (credential.empty()) return centreon_target(words_);
    const auto say = [quiet = words_.has("ignore-warn-msg")](const std::string& text) {
        if (!quiet) (void)write_all(STDERR_FILENO, fmt::format("mullion-centreon: warning: {}\n", text));
    };
    stored_.emplace(secret_words(), std::string(words_.text("hostname")), credential,
                    secrets::Purpose{"check", {}, std::string(mode_->name)}, say);
    return centreon_target_by_credential(words_, password_ && !password_->empty(),
                                         [this](target::Target& to) { return stored_->fill(to); });
}

Result<CheckRun> Check::prepare() {
    const bool compat = words_.has("centreon-compat");
    MULLION_ASSIGN(auto target, reach());
    MULLION_TRY(read_option_files(*mode_, words_));
    MULLION_TRY(check_words(*mode_, words_, target, compat));
    CheckRun run;
    run.mode = mode_;
    run.compat = compat;
    if (mode_->two_samples) {
        MULLION_ASSIGN(run.interval, seconds_of(words_, "sample-interval"));
    }
    MULLION_ASSIGN(run.timeout, seconds_of(words_, "timeout"));
    MULLION_TRY(read_global_timeout(words_, run));
    MULLION_ASSIGN(run.credential, credential_for(target));
    run.target = std::move(target);
    run.advise = stored_ ? with_credential_advice : with_centreon_advice;
    run.words = std::move(words_);
    return run;
}

int Check::run() {
    if (const auto status = read_global()) return *status;
    if (const auto status = read_plugin()) return *status;
    if (const auto right = read_rest(); !right.ok()) return say(right.error().detail, words_);
    auto run = prepare();
    if (!run.ok()) return refuse(run.error());
    Interrupts interrupts;  // Before any thread, which inherits that signals are not for it.
    return run_check(std::move(run).value(), interrupts);
}

}  // namespace

int run_centreon(Words arguments) {
    const std::vector<std::string_view> words(arguments.begin(), arguments.end());
    CentreonLine line(words);
    std::vector<std::string_view> clear;
    std::optional<Secret> password;
    if (const auto said = line.take_secret("wsman-password", clear)) password = Secret(*said);
    const bool proxy = line.take_secret("wsman-proxy-password", clear).has_value();
    const bool quiet = Check::is_quiet(words);
    wipe_words(clear);
    if (!clear.empty() && !quiet) warn_of_password("mullion-centreon", "a password");
    if (proxy)
        return refuse_check(unsupported("--wsman-proxy-password: logging on to a proxy is not available"),
                            {});
    return Check(std::move(line), std::move(password)).run();
}

}  // namespace mullion::cli
