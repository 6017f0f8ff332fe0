// When the certificates of the host expire. Of the machine's stores, by the registry; by PowerShell, with
// those of the account too, where Centreon's way is asked for.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "checks/bytes.h"
#include "checks/counters/counters.h"
#include "checks/filter.h"
#include "checks/look.h"
#include "checks/modes/all.h"
#include "checks/modes/certificate_store.h"
#include "checks/modes/registry.h"
#include "checks/modes/scripted.h"
#include "checks/nothing.h"
#include "checks/rows.h"
#include "checks/when.h"
#include "crypto/x509.h"
#include "wsman/values.h"

namespace mullion::checks {
namespace {

constexpr std::size_t most_certificates = 5000;
static_assert(most_certificates + 500 <= most_questions);  // With their stores.

// Where Windows keeps the machine's stores: its own, those of group policies, those of the directory.
constexpr std::array<std::string_view, 3> bases = {R"(SOFTWARE\Microsoft\SystemCertificates)",
                                                   R"(SOFTWARE\Policies\Microsoft\SystemCertificates)",
                                                   R"(SOFTWARE\Microsoft\EnterpriseCertificates)"};

// The rest of a json_script(): a list of objects.
constexpr std::string_view certificates_script = R"PS(try {
    $all = @(Get-ChildItem cert: -Recurse | Where-Object { $_ -is [Security.Cryptography.X509Certificates.X509Certificate2] } | ForEach-Object {
        $end = [Math]::Floor(($_.NotAfter.ToUniversalTime() - [DateTime]'1970-01-01').TotalSeconds).ToString('0')
        '{"subject":' + (Quoted $_.Subject) + ',"thumbprint":' + (Quoted $_.Thumbprint) + ',"notAfter":' + $end +
            ',"PSParentPath":' + (Quoted $_.PSParentPath) + ',"archived":' + "$($_.Archived)".ToLower() + '}'
    })
    '[' + ($all -join ',') + ']'
} catch {
    "$($_.Exception)"
    exit 1
}
)PS";

struct Unit {
    std::string_view letter, word;
    std::int64_t seconds;
};
constexpr std::array<Unit, 5> units = {{{"s", "seconds", 1},
                                        {"m", "minutes", 60},
                                        {"h", "hours", 3600},
                                        {"d", "days", 86400},
                                        {"w", "weeks", 604800}}};

const Unit* find_unit(std::string_view letter) {
    if (letter.empty()) return units.data();
    for (const auto& unit : units) {
        if (unit.letter == letter) return &unit;
    }
    return nullptr;
}

struct Certificate {
    std::string subject, path, thumbprint;
    std::optional<std::int64_t> not_after;  // Seconds since 1970.
    bool archived = false;
};

std::vector<Block> blocks() {
    return {{.name = "global",
             .counters = {{.label = "certificates-detected", .metric = "certificates.detected.count"}}},
            {.name = "certificates",
             .instances = true,
             .counters = {{.label = "certificate-expires", .metric = "certificate.expires"}},
             .all_well = "All certificates are ok",
             .silent_where_missing = true}};
}

// --include-… and --exclude-…: the latter wins.
class Choice {
public:
    Result<void> prepare(const Words& words, const std::string& what) {
        MULLION_ASSIGN(include_, Filter::of(words, "include-" + what));
        MULLION_ASSIGN(exclude_, Filter::of(words, "exclude-" + what));
        return {};
    }
    [[nodiscard]] Result<bool> takes(std::string_view text) const {
        MULLION_ASSIGN(const bool dropped, exclude_.drops(text));
        if (dropped) return false;
        return include_.takes(text);
    }
    [[nodiscard]] bool given() const { return include_.given() || exclude_.given(); }

private:
    Filter include_, exclude_;
};

std::string path_of(std::string_view store) {
    return R"(Microsoft.PowerShell.Security\Certificate::LocalMachine\)" + windows_store(store);
}

Result<Certificate> certificate_of(const std::string& path, const std::string& thumbprint,
                                   const registry::Said& said) {
    MULLION_ASSIGN(const auto blob, registry::bytes_of(said));
    const auto stored = read_stored_certificate(blob);
    if (!stored) return malformed(fmt::format("{}\\{} holds no certificate", path, thumbprint));
    auto info = crypto::describe_certificate(stored->der);
    if (!info.ok())
        return malformed(fmt::format("{}\\{} is no certificate: {}", path, thumbprint, info.error().detail));
    const auto end = std::chrono::floor<std::chrono::seconds>(info->not_after).time_since_epoch().count();
    return Certificate{windows_name(info->subject), path, thumbprint, end, stored->archived};
}

Certificate certificate_of(const JsonObject& object) {
    const auto member = [&](std::string_view name) {
        const auto found = object.find(name);
        return found == object.end() ? std::string() : found->second.value_or("");
    };
    Certificate certificate{member("subject"), member("PSParentPath"), member("thumbprint"), {}, false};
    const auto archived = wsman::lower(member("archived"));
    certificate.archived =
        archived.find("true") != std::string::npos || archived.find('1') != std::string::npos;
    const auto end = wsman::cim::parse_scalar(wsman::cim::Type::real64, member("notAfter"));
    if (end) certificate.not_after = whole(std::get<double>(*end));
    return certificate;
}

class Certificates final : public Mode {
public:
    Result<void> prepare(const Setting& setting) override {
        const auto& words = setting.words;
        MULLION_TRY(counters_.prepare(words));
        unit_ = find_unit(words.text("unit"));
        if (unit_ == nullptr) {
            return Error(
                ErrorId::usage_invalid,
                fmt::format("Invalid time unit '{}'. Valid units are: s, m, h, d, w.", words.text("unit")));
        }
        MULLION_TRY(thumbprints_.prepare(words, "thumbprint"));
        MULLION_TRY(subjects_.prepare(words, "subject"));
        MULLION_TRY(paths_.prepare(words, "path"));
        by_script_ = setting.compat || only_run(setting);
        return {};
    }

    // Which stores there are; which certificates they hold; those that the options take.
    std::vector<Ask> ask(const Setting& setting, std::span<const Answer> so_far) override {
        if (counters_.only_listed() || only_shown(setting)) return {};
        if (by_script_)
            return so_far.empty() ? std::vector<Ask>{script(json_script(certificates_script))}
                                  : std::vector<Ask>{};
        if (so_far.empty()) {
            for (const auto base : bases) asked_.push_back({"", "", registry::enum_key(base)});
        } else if (auto next = next_round(so_far); next.ok()) {
            asked_.insert(asked_.end(), next->begin(), next->end());
        } else {
            trouble_ = next.error();
        }
        std::vector<Ask> round;
        for (auto at = so_far.size(); at < asked_.size(); ++at) round.emplace_back(asked_[at].call);
        return round;
    }

    Result<void> judge(const Setting& setting, std::span<const Answer> answers, Samples&,
                       Report& report) override {
        if (trouble_) return *trouble_;
        if (counters_.only_listed()) {
            counters_.list(report);
            return {};
        }
        if (only_shown(setting)) {
            show_text(report, json_script(certificates_script));
            return {};
        }
        return by_script_ ? judge_script(setting, answers[0], report)
                          : judge_registry(setting, answers, report);
    }

private:
    // A question, and what it is about as far as that is known: a store, a certificate.
    struct Asked {
        std::string path, thumbprint;
        Call call;
    };
    using ByThumbprint = std::map<std::string, Certificate>;

    Result<std::vector<Asked>> next_round(std::span<const Answer> so_far) {
        std::vector<Asked> next;
        for (auto at = answered_; at < so_far.size(); ++at) {
            const auto asked = asked_.at(at);
            if (!asked.thumbprint.empty()) continue;
            MULLION_ASSIGN(const auto said, registry::read_said(so_far[at], asked.call));
            for (const auto& name : said.texts)
                MULLION_TRY(asked.path.empty() ? ask_store(asked, name, next)
                                               : ask_certificate(asked, name, next));
        }
        answered_ = so_far.size();
        if (next.size() > most_certificates) {
            return Error(ErrorId::usage_invalid,
                         fmt::format("The host has more than {} certificates: choose with "
                                     "--include-path or --exclude-path.",
                                     most_certificates));
        }
        return next;
    }

    static std::string key_of(const Asked& asked) { return asked.call.arguments.at(1).values.front().text; }

    Result<void> ask_store(const Asked& base, const std::string& store, std::vector<Asked>& next) const {
        auto path = path_of(store);
        MULLION_ASSIGN(const bool taken, paths_.takes(path));
        if (taken)
            next.push_back(
                {std::move(path), "", registry::enum_key(key_of(base) + "\\" + store + "\\Certificates")});
        return {};
    }

    Result<void> ask_certificate(const Asked& store, const std::string& thumbprint,
                                 std::vector<Asked>& next) const {
        MULLION_ASSIGN(const bool taken, thumbprints_.takes(thumbprint));
        if (taken) {
            next.push_back(
                {store.path, thumbprint, registry::get_binary(key_of(store) + "\\" + thumbprint, "Blob")});
        }
        return {};
    }

    Result<void> judge_registry(const Setting& setting, std::span<const Answer> answers,
                                Report& report) const {
        std::vector<Certificate> all;
        for (std::size_t at = 0; at < answers.size(); ++at) {
            const auto& asked = asked_.at(at);
            if (asked.thumbprint.empty()) continue;
            MULLION_ASSIGN(const auto said, registry::read_said(answers[at], asked.call));
            if (!said.there) continue;  // It was deleted since.
            auto certificate = certificate_of(asked.path, asked.thumbprint, said);
            // One that cannot be read does not hide the others.
            if (certificate.ok())
                all.push_back(std::move(*certificate));
            else
                report.say(Status::unknown, certificate.error().detail);
        }
        // Each Windows has its root certificates.
        if (all.empty() && report.texts.empty() && !paths_.given() && !thumbprints_.given()) {
            say_no_rows(report, "a certificate store",
                        "the account may not read the registry below SystemCertificates");
            return {};
        }
        return say(setting, all, report);
    }

    Result<void> judge_script(const Setting& setting, const Answer& answer, Report& report) const {
        if (only_run(setting)) {
            show_text(report, output_of(answer).out);
            return {};
        }
        const auto said = read_script(setting, answer, report);
        if (!said) return {};
        std::vector<Certificate> all;
        for (const auto& object : *said) all.push_back(certificate_of(object));
        return say(setting, all, report);
    }

    [[nodiscard]] Result<bool> takes(const Certificate& certificate) const {
        MULLION_ASSIGN(const bool by_thumbprint, thumbprints_.takes(certificate.thumbprint));
        MULLION_ASSIGN(const bool by_subject, subjects_.takes(certificate.subject));
        MULLION_ASSIGN(const bool by_path, paths_.takes(certificate.path));
        return by_thumbprint && by_subject && by_path;
    }

    Result<void> say(const Setting& setting, const std::vector<Certificate>& all, Report& report) const {
        ByThumbprint shown;
        std::size_t detected = 0;
        for (const auto& one : all) {
            MULLION_ASSIGN(const bool taken, takes(one));
            if (!taken) continue;
            detected += one.archived ? 0 : 1;
            shown.insert_or_assign(one.thumbprint, one);
        }
        // One that is in several stores is one certificate, which Centreon counts several times.
        if (!setting.compat)
            detected = static_cast<std::size_t>(std::count_if(
                shown.begin(), shown.end(), [](const auto& one) { return !one.second.archived; }));
        CountedBlock certificates;
        report.attributes = {"subject", "path", "thumbprint", "archived"};
        for (const auto& [thumbprint, one] : shown) {
            report.found.push_back({{"subject", one.subject},
                                    {"path", one.path},
                                    {"thumbprint", thumbprint},
                                    {"archived", one.archived ? "1" : "0"}});
            if (!one.archived) certificates.push_back(counted(one, unix_now(setting.clock)));
        }
        Counted number;
        number.readings = {{.is = Reading::Is::value,
                            .number = static_cast<double>(detected),
                            .text = fmt::format("number of certificates: {}", detected),
                            .metrics = {{.value = std::to_string(detected), .min = "0"}}}};
        return counters_.judge({{std::move(number)}, std::move(certificates)}, report);
    }

    [[nodiscard]] Counted counted(const Certificate& one, std::int64_t now) const {
        Counted counted;
        counted.instance = one.thumbprint;
        counted.named = one.subject;
        counted.prefix = fmt::format("Certificate '{}' [path: {}] ", one.subject, one.path);
        counted.readings = {Reading::missing()};
        if (!one.not_after) return counted;
        const auto left = std::max<std::int64_t>(*one.not_after - now, 0);
        const auto in_units = left / unit_->seconds;
        counted.readings = {
            {.is = Reading::Is::value,
             .number = static_cast<double>(in_units),
             .text = left > 0 ? "expires in " + format_duration(static_cast<double>(left)) : "expired",
             .metrics = {{.value = std::to_string(in_units),
                          .unit = std::string(unit_->letter),
                          .min = "0",
                          .name = fmt::format("certificate.expires.{}", unit_->word)}}}};
        return counted;
    }

    Counters counters_{blocks()};
    Choice thumbprints_, subjects_, paths_;
    const Unit* unit_ = units.data();
    bool by_script_ = false;
    std::vector<Asked> asked_;
    std::size_t answered_ = 0;
    std::optional<Error> trouble_;
};

std::vector<OptionSpec> own_options() {
    std::vector<OptionSpec> all;
    for (const std::string what : {"thumbprint", "subject", "path"}) {
        all.push_back({.name = "include-" + what,
                       .type_name = "REGEX",
                       .help = "Certificates of this " + what + " only."});
        all.push_back({.name = "exclude-" + what,
                       .type_name = "REGEX",
                       .help = "Not certificates of this " + what + "."});
    }
    all.push_back({.name = "unit",
                   .fallback = "s",
                   .type_name = "UNIT",
                   .help = "Of thresholds and metrics: s, m, h, d or w."});
    return all;
}

}  // namespace

ModeInfo certificates_mode() {
    ModeInfo info;
    info.name = "certificates";
    info.help = "When the certificates of the host expire.";
    info.options = own_options();
    const auto more = script_options();
    info.options.insert(info.options.end(), more.begin(), more.end());
    const auto all = blocks();
    const auto thresholds = counter_options(all);
    info.options.insert(info.options.end(), thresholds.begin(), thresholds.end());
    info.make = []() -> std::unique_ptr<Mode> { return std::make_unique<Certificates>(); };
    info.example =
        "mullion check certificates HOST --include-path 'LocalMachine.My$' --unit d "
        "--warning-certificate-expires 30: "
        "--critical-certificate-expires 7:";
    return info;
}

}  // namespace mullion::checks
