#include "cli/doctor_report.h"

#include <gtest/gtest.h>

#include <algorithm>

#include <nlohmann/json.hpp>

namespace mullion::cli {
namespace {

using doctor::Finding;

Finding named(std::string check, Finding finding) {
    finding.check = std::move(check);
    return finding;
}

Finding refused() {
    auto finding = named("tcp", doctor::failed(Error(ErrorId::net_refused, "connect to web01 port 5985")));
    finding.on_host = {"Get-Service WinRM"};
    finding.here = {"nc -vz 10.0.0.1 5985"};
    return finding;
}

doctor::Diagnosis diagnosis(std::vector<Finding> findings) {
    doctor::Diagnosis made;
    made.findings = std::move(findings);
    return made;
}

TEST(DoctorReport, OfAFailureSaysWhyAndWhatToDo) {
    const auto text = finding_text(refused());
    EXPECT_TRUE(text.starts_with("  tcp               failed   the connection was refused: connect to web01"))
        << text;
    for (const auto* part : {"[net.refused]", "likely:   ", "on host:  Get-Service WinRM",
                             "here:     nc -vz 10.0.0.1 5985", "next:     "})
        EXPECT_NE(text.find(part), std::string::npos) << part << " in\n" << text;
}

TEST(DoctorReport, OfWhatIsFineIsOneLine) {
    EXPECT_EQ(finding_text(named("name", doctor::fine("web01 is 10.0.0.1"))),
              "  name              ok       web01 is 10.0.0.1\n");
    EXPECT_EQ(finding_text(named("tls", doctor::skipped_because("tcp"))),
              "  tls               skipped  because of tcp\n");
}

TEST(DoctorReport, DoesNotLetAHostSteerTheTerminal) {
    const auto text = finding_text(named("name", doctor::fine("web01 \x1b[2J is\n10.0.0.1")));
    EXPECT_EQ(text.find('\x1b'), std::string::npos);
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1);
}

TEST(DoctorReport, HasPingsStatus) {
    const auto looked = looked_at("web01", "http://web01:5985/wsman", diagnosis({refused()}), Duration(250));
    EXPECT_EQ(looked.status, Status::unreachable);
    EXPECT_EQ(doctor_summary(looked), "web01: unreachable: tcp [net.refused], in 0.2 s\n");
    Tally tally;
    tally.add(looked.status, looked.error);
    EXPECT_EQ(tally.exit_status(), 4);
}

TEST(DoctorReport, OfWarningsAloneIsOk) {
    const auto warning = named("safety", doctor::warned(ErrorId::safety_administrator, "Administrator"));
    const auto looked = looked_at("web01", "u", diagnosis({warning}), Duration(0));
    EXPECT_EQ(looked.status, Status::ok);
    EXPECT_FALSE(looked.error);
    EXPECT_EQ(doctor_summary(looked), "web01: ok; warnings: safety [safety.administrator], in 0.0 s\n");
    Tally tally;
    tally.add(looked.status, looked.error);
    EXPECT_EQ(tally.exit_status(), 0);
}

// Its status says what became of a command; here none was asked for.
TEST(DoctorReport, OfAFailureThatIsACommandsIsARefusal) {
    const auto finding = named("shell", doctor::failed(Error(ErrorId::run_module_path, "")));
    EXPECT_EQ(looked_at("web01", "u", diagnosis({finding}), Duration(0)).status, Status::refused);
    const auto doubtful = named("logon ntlm", doctor::failed(Error(ErrorId::wsman_malformed, "")));
    EXPECT_EQ(looked_at("web01", "u", diagnosis({doubtful}), Duration(0)).status, Status::unreachable);
}

TEST(DoctorReport, OfAnInterruptionIs130) {
    auto stopped = diagnosis({refused()});
    stopped.interrupted = true;
    const auto looked = looked_at("web01", "u", std::move(stopped), Duration(0));
    EXPECT_EQ(looked.status, Status::unknown);
    Tally tally;
    tally.add(looked.status, looked.error);
    EXPECT_EQ(tally.exit_status(), 130);
}

TEST(DoctorReport, ForProgramsIsOneObject) {
    const auto looked =
        looked_at("web01", "http://web01:5985/wsman",
                  diagnosis({refused(), named("tls", doctor::skipped_because("tcp"))}), Duration(7));
    const auto object = nlohmann::json::parse(doctor_object(looked));
    EXPECT_EQ(object["host"], "web01");
    EXPECT_EQ(object["status"], "unreachable");
    EXPECT_EQ(object["error"]["id"], "net.refused");
    EXPECT_EQ(object["duration_ms"], 7);
    ASSERT_EQ(object["findings"].size(), 2U);
    const auto& first = object["findings"][0];
    EXPECT_EQ(first["check"], "tcp");
    EXPECT_EQ(first["state"], "failed");
    EXPECT_EQ(first["id"], "net.refused");
    EXPECT_EQ(first["on_host"][0], "Get-Service WinRM");
    EXPECT_EQ(first["here"][0], "nc -vz 10.0.0.1 5985");
    EXPECT_FALSE(first["likely"].empty());
    EXPECT_FALSE(first["next"].empty());
    EXPECT_TRUE(object["findings"][1]["id"].is_null());
    EXPECT_EQ(object["findings"][1]["because"], "tcp");
}

}  // namespace
}  // namespace mullion::cli
