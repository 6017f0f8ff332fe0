#include "checks/fault_advice.h"

#include <gtest/gtest.h>

#include <vector>

namespace mullion::checks {
namespace {

const Ask query = Query{"Select Name From Win32_Service"};

Ask registry_call() {
    Call call;
    call.of.of.cim_namespace = "root/default";
    call.of.of.class_name = "StdRegProv";
    call.method = "EnumKey";
    return call;
}

std::vector<std::string> advised(const Ask& asked, const wsman::Fault& fault) {
    auto error = wsman::to_error(fault);
    error.advice = {"what was there"};
    advise(asked, fault, error);
    EXPECT_EQ(error.advice.back(), "what was there");
    error.advice.pop_back();
    return error.advice;
}

wsman::Fault fault_of(std::uint32_t code, std::optional<std::uint32_t> inner = {}) {
    auto fault = wsman::make_fault(code, "", inner ? "WMI Provider" : "");
    fault.provider_code = inner;
    return fault;
}

// WinRM's codes that an operator of checks meets, as Windows numbers them (shown in decimals by winrm).
TEST(FaultAdvice, EveryCodeThatAHostMaySayHasSome) {
    for (const std::uint32_t code :
         {5U,          995U,        1326U,       2150858752U, 2150858770U, 2150858778U, 2150858779U,
          2150858780U, 2150858790U, 2150858793U, 2150858806U, 2150858811U, 2150858815U, 2150858823U,
          2150858824U, 2150858825U, 2150858843U, 2150858909U, 2150858981U, 2150859003U, 2150859019U,
          2150859027U, 2150859046U, 2150859113U, 2150859173U, 2150859174U, 2150859175U, 2150859176U,
          2150859180U, 2150859181U, 2150859193U, 2150859194U, 2150859229U, 2150859236U, 2150859242U})
        EXPECT_EQ(advised(query, fault_of(code)).size(), 1U) << code;
}

TEST(FaultAdvice, WhatWmiSaysInsideIsNearerToTheCause) {
    constexpr std::uint32_t filter = 0x8033801A, failed = 0x80041001;
    for (const std::uint32_t inner : {0x80041001U, 0x80041002U, 0x80041003U, 0x80041004U, 0x80041008U,
                                      0x8004100EU, 0x80041010U, 0x80041011U, 0x80041013U, 0x80041017U,
                                      0x80041024U, 0x80041032U, 0x80041033U, 0x8004106CU, 0x80070005U}) {
        const auto told = advised(query, fault_of(failed, inner));
        ASSERT_EQ(told.size(), 1U) << inner;
        EXPECT_EQ(told, advised(query, fault_of(inner))) << inner;
    }
    EXPECT_EQ(advised(query, fault_of(filter, 0x80041999)), advised(query, fault_of(filter)));
    EXPECT_NE(advised(query, fault_of(filter, 0x80041010))[0].find("lodctr /R"), std::string::npos);
}

TEST(FaultAdvice, NewerHostsSayTheSameByAStatusOfCim) {
    auto fault = fault_of(0x80338000);
    fault.wmi_status = 2;
    EXPECT_NE(advised(query, fault)[0].find("Performance Monitor Users"), std::string::npos);
    fault.wmi_status = 99;
    EXPECT_EQ(advised(query, fault), advised(query, fault_of(0x80338000)));
}

TEST(FaultAdvice, AHostWithoutARegistryIsNoWindows) {
    EXPECT_NE(advised(registry_call(), fault_of(0x80338000, 0x8004100E))[0].find("cannot be of Linux"),
              std::string::npos);
    EXPECT_NE(advised(registry_call(), fault_of(5))[0].find("Enable Account"), std::string::npos);
}

TEST(FaultAdvice, NobodyKnowsTheRest) {
    EXPECT_TRUE(advised(query, fault_of(0)).empty());
    EXPECT_TRUE(advised(query, fault_of(0x80334242)).empty());
}

}  // namespace
}  // namespace mullion::checks
