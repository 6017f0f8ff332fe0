// The table of codes, said a second time and by hand: what each code is as a SOAP fault on Windows. The rows
// are Microsoft's, of omi's table; fault_codes.def is what we make faults of.
#include <gtest/gtest.h>

#include "wsman/fault.h"

namespace mullion::wsman {
namespace {

struct Row {
    std::uint32_t code;
    std::uint32_t decimal;  // As WSManFault/@Code has it.
    const char* soap;
    const char* subcode;
    const char* detail;
    char family;  // Of a:Action.
};

// clang-format off
constexpr Row appendix[] = {
    {0x5, 5, "Sender", "w:AccessDenied", "", 'W'},
    {0x54F, 1359, "Receiver", "w:InternalError", "", 'W'},
    {0x80338000, 2150858752, "Sender", "a:DestinationUnreachable", "InvalidResourceURI", 'A'},
    {0x80338001, 2150858753, "Sender", "a:ActionNotSupported", "", 'A'},
    {0x8033800D, 2150858765, "VersionMismatch", "", "", 'A'},
    {0x8033800F, 2150858767, "Sender", "a:InvalidMessageInformationHeader", "", 'A'},
    {0x80338010, 2150858768, "MustUnderstand", "", "", 'A'},
    {0x80338011, 2150858769, "Sender", "a:MessageInformationHeaderRequired", "", 'A'},
    {0x80338012, 2150858770, "Sender", "a:DestinationUnreachable", "", 'A'},
    {0x80338013, 2150858771, "Sender", "a:ActionNotSupported", "", 'A'},
    {0x80338014, 2150858772, "Receiver", "a:EndpointUnavailable", "", 'A'},
    {0x80338015, 2150858773, "Sender", "x:InvalidRepresentation", "", 'T'},
    {0x80338016, 2150858774, "Sender", "n:InvalidExpirationTime", "", 'N'},
    {0x80338018, 2150858776, "Sender", "n:FilteringNotSupported", "", 'N'},
    {0x80338019, 2150858777, "Sender", "n:FilterDialectRequestedUnavailable", "", 'N'},
    {0x8033801A, 2150858778, "Sender", "n:CannotProcessFilter", "", 'N'},
    {0x8033801B, 2150858779, "Receiver", "n:InvalidEnumerationContext", "", 'N'},
    {0x8033801C, 2150858780, "Receiver", "n:TimedOut", "", 'N'},
    {0x8033801E, 2150858782, "Sender", "e:DeliveryModeRequestedUnavailable", "", 'E'},
    {0x8033801F, 2150858783, "Sender", "e:InvalidExpirationTime", "", 'N'},
    {0x80338020, 2150858784, "Sender", "e:UnsupportedExpirationType", "", 'E'},
    {0x80338021, 2150858785, "Sender", "e:FilteringNotSupported", "", 'E'},
    {0x80338022, 2150858786, "Sender", "e:FilteringRequestedUnavailable", "", 'E'},
    {0x80338023, 2150858787, "Receiver", "e:EventSourceUnableToProcess", "", 'E'},
    {0x80338024, 2150858788, "Receiver", "e:UnableToRenew", "", 'E'},
    {0x80338025, 2150858789, "Sender", "e:InvalidMessage", "", 'E'},
    {0x80338029, 2150858793, "Receiver", "w:TimedOut", "", 'W'},
    {0x8033802D, 2150858797, "Sender", "w:EncodingLimit", "URILimitExceeded", 'W'},
    {0x80338030, 2150858800, "Sender", "w:NoAck", "", 'W'},
    {0x80338031, 2150858801, "Sender", "a:ActionNotSupported", "ActionMismatch", 'A'},
    {0x80338032, 2150858802, "Sender", "w:Concurrency", "", 'W'},
    {0x80338033, 2150858803, "Sender", "w:AlreadyExists", "", 'W'},
    {0x80338034, 2150858804, "Receiver", "w:DeliveryRefused", "", 'W'},
    {0x80338035, 2150858805, "Sender", "w:EncodingLimit", "", 'W'},
    {0x80338038, 2150858808, "Sender", "w:InvalidBookmark", "", 'W'},
    {0x80338039, 2150858809, "Sender", "w:InvalidOptions", "", 'W'},
    {0x8033803A, 2150858810, "Sender", "w:InvalidParameter", "", 'W'},
    {0x8033803B, 2150858811, "Sender", "a:DestinationUnreachable", "InvalidResourceURI", 'A'},
    {0x8033803D, 2150858813, "Sender", "w:InvalidSelectors", "", 'W'},
    {0x8033803F, 2150858815, "Sender", "w:QuotaLimit", "", 'W'},
    {0x80338041, 2150858817, "Sender", "w:SchemaValidationError", "", 'W'},
    {0x80338042, 2150858818, "Sender", "w:UnsupportedFeature", "", 'W'},
    {0x80338043, 2150858819, "Sender", "w:InternalError", "Invalid", 'W'},
    {0x80338047, 2150858823, "Sender", "w:EncodingLimit", "MaxEnvelopeSize", 'W'},
    {0x80338048, 2150858824, "Sender", "w:EncodingLimit", "MaxEnvelopeSizeExceeded", 'W'},
    {0x80338049, 2150858825, "Sender", "w:EncodingLimit", "ServiceEnvelopeLimit", 'W'},
    {0x8033804A, 2150858826, "Sender", "w:EncodingLimit", "SelectorLimit", 'W'},
    {0x8033804B, 2150858827, "Sender", "w:EncodingLimit", "OptionLimit", 'W'},
    {0x8033804C, 2150858828, "Sender", "w:EncodingLimit", "CharacterSet", 'W'},
    {0x8033804D, 2150858829, "Sender", "w:EncodingLimit", "UnreportableSuccess", 'W'},
    {0x8033804E, 2150858830, "Sender", "w:EncodingLimit", "Whitespace", 'W'},
    {0x8033804F, 2150858831, "Sender", "e:FilteringRequestedUnavailable", "FilteringRequired", 'E'},
    {0x80338050, 2150858832, "Sender", "w:InvalidBookmark", "Expired", 'W'},
    {0x80338051, 2150858833, "Sender", "w:InvalidOptions", "NotSupported", 'W'},
    {0x80338052, 2150858834, "Sender", "w:InvalidOptions", "InvalidName", 'W'},
    {0x80338053, 2150858835, "Sender", "w:InvalidOptions", "InvalidValue", 'W'},
    {0x80338054, 2150858836, "Sender", "w:InvalidParameter", "TypeMismatch", 'W'},
    {0x80338055, 2150858837, "Sender", "w:InvalidParameter", "InvalidName", 'W'},
    {0x80338056, 2150858838, "Sender", "x:InvalidRepresentation", "InvalidValues", 'T'},
    {0x80338057, 2150858839, "Sender", "x:InvalidRepresentation", "MissingValues", 'T'},
    {0x80338058, 2150858840, "Sender", "x:InvalidRepresentation", "InvalidNamespace", 'T'},
    {0x80338059, 2150858841, "Sender", "x:InvalidRepresentation", "InvalidFragment", 'T'},
    {0x8033805A, 2150858842, "Sender", "w:InvalidSelectors", "InsufficientSelectors", 'W'},
    {0x8033805B, 2150858843, "Sender", "w:InvalidSelectors", "UnexpectedSelectors", 'W'},
    {0x8033805C, 2150858844, "Sender", "w:InvalidSelectors", "TypeMismatch", 'W'},
    {0x8033805D, 2150858845, "Sender", "w:InvalidSelectors", "InvalidValue", 'W'},
    {0x8033805E, 2150858846, "Sender", "w:InvalidSelectors", "AmbiguousSelectors", 'W'},
    {0x8033805F, 2150858847, "Sender", "w:InvalidSelectors", "DuplicateSelectors", 'W'},
    {0x80338064, 2150858852, "Sender", "w:UnsupportedFeature", "AuthorizationMode", 'W'},
    {0x80338065, 2150858853, "Sender", "w:UnsupportedFeature", "Ack", 'W'},
    {0x80338066, 2150858854, "Sender", "w:UnsupportedFeature", "OperationTimeout", 'W'},
    {0x80338067, 2150858855, "Sender", "w:UnsupportedFeature", "Locale", 'W'},
    {0x80338068, 2150858856, "Sender", "w:UnsupportedFeature", "ExpirationTime", 'W'},
    {0x80338069, 2150858857, "Sender", "w:UnsupportedFeature", "DeliveryRetries", 'W'},
    {0x8033806A, 2150858858, "Sender", "w:UnsupportedFeature", "Heartbeats", 'W'},
    {0x8033806B, 2150858859, "Sender", "w:UnsupportedFeature", "Bookmarks", 'W'},
    {0x8033806D, 2150858861, "Sender", "w:UnsupportedFeature", "MaxTime", 'W'},
    {0x8033806E, 2150858862, "Sender", "w:UnsupportedFeature", "MaxEnvelopeSize", 'W'},
    {0x8033806F, 2150858863, "Sender", "w:UnsupportedFeature", "MaxEnvelopePolicy", 'W'},
    {0x80338070, 2150858864, "Sender", "w:UnsupportedFeature", "FilteringRequired", 'W'},
    {0x80338071, 2150858865, "Sender", "w:UnsupportedFeature", "InsecureAddress", 'W'},
    {0x80338072, 2150858866, "Sender", "w:UnsupportedFeature", "FormatMismatch", 'W'},
    {0x80338073, 2150858867, "Sender", "w:UnsupportedFeature", "FormatSecurityToken", 'W'},
    {0x80338076, 2150858870, "Sender", "w:UnsupportedFeature", "AddressingMode", 'W'},
    {0x80338077, 2150858871, "Sender", "w:UnsupportedFeature", "FragmentLevelAccess", 'W'},
    {0x8033807E, 2150858878, "Sender", "w:EncodingLimit", "MinimumEnvelopeLimit", 'W'},
    {0x80338081, 2150858881, "Sender", "a:InvalidMessageInformationHeader", "InvalidTimeout", 'W'},
    {0x80338086, 2150858886, "Sender", "w:UnsupportedFeature", "EnumerationMode", 'W'},
    {0x80338087, 2150858887, "Sender", "w:UnsupportedFeature", "Locale", 'W'},
    {0x80338090, 2150858896, "Receiver", "w:FragmentDialectNotSupported", "", 'W'},
    {0x80338093, 2150858899, "Sender", "w:CannotProcessFilter", "", 'W'},
    {0x80338094, 2150858900, "Sender", "w:UnsupportedFeature", "FormatMismatch", 'A'},
    {0x80338095, 2150858901, "Sender", "e:EventSourceUnableToProcess", "UnusableAddress", 'E'},
    {0x80338096, 2150858902, "Sender", "w:UnsupportedFeature", "AddressingMode", 'A'},
    {0x803380A0, 2150858912, "Sender", "e:InvalidMessage", "", 'E'},
    {0x803380A1, 2150858913, "Sender", "e:InvalidMessage", "", 'E'},
    {0x803380A2, 2150858914, "Sender", "e:InvalidMessage", "", 'E'},
    {0x803380A3, 2150858915, "Sender", "w:InvalidParameter", "Locale", 'W'},
    {0x803380A4, 2150858916, "Sender", "e:InvalidMessage", "", 'E'},
    {0x803380A6, 2150858918, "Sender", "w:InvalidOptions", "NotSupported", 'W'},
    {0x803380A8, 2150858920, "Sender", "e:InvalidMessage", "", 'E'},
    {0x803380FA, 2150859002, "Sender", "w:InvalidSelectors", "InsufficientSelectors", 'W'},
    {0x80338114, 2150859028, "Sender", "w:SchemaValidationError", "", 'W'},
    {0x80338119, 2150859033, "Sender", "w:EncodingLimit", "EncodingType", 'W'},
    {0x8033811A, 2150859034, "Receiver", "a:EndpointUnavailable", "InvalidValues", 'A'},
    {0x8033811C, 2150859036, "Sender", "n:UnsupportedExpirationType", "", 'N'},
    {0x8033811D, 2150859037, "Sender", "w:UnsupportedFeature", "MaxElements", 'W'},
    {0x80338122, 2150859042, "Sender", "w:CannotProcessFilter", "", 'W'},
    {0x80338137, 2150859063, "Receiver", "b:PolymorphismModeNotSupported", "", 'W'},
    {0x80338138, 2150859064, "Sender", "w:UnsupportedFeature", "InvalidResourceURI", 'W'},
    {0x8033815D, 2150859101, "Receiver", "w:EventDeliverToUnusable", "PolicyTooComplex", 'W'},
    {0x8033815E, 2150859102, "Receiver", "w:EventDeliverToUnusable", "CannotComplyWithPolicy", 'W'},
    {0x803381A5, 2150859173, "Sender", "w:QuotaLimit", "", 'W'},
};

// Quotas and rights to shells: not in that table, so internal errors, but for those of a plugin ([MS-WSMV] 3.1.4.11).
constexpr Row quotas[] = {
    {0x803381A5, 2150859173, "Sender", "w:QuotaLimit", "", 'W'},
    {0x803381A6, 2150859174, "Receiver", "w:InternalError", "", 'W'},
    {0x803381A7, 2150859175, "Receiver", "w:InternalError", "", 'W'},
    {0x803381A8, 2150859176, "Receiver", "w:InternalError", "", 'W'},
    {0x803381AB, 2150859179, "Receiver", "w:InternalError", "", 'W'},
    {0x803381AC, 2150859180, "Receiver", "w:InternalError", "", 'W'},
    {0x803381DD, 2150859229, "Receiver", "w:InternalError", "", 'W'},
    {0x803381E4, 2150859236, "Sender", "w:QuotaLimit", "", 'W'},
    {0x803381E5, 2150859237, "Sender", "w:QuotaLimit", "", 'W'},
    {0x803381E6, 2150859238, "Sender", "w:QuotaLimit", "", 'W'},
    {0x803381E7, 2150859239, "Sender", "w:QuotaLimit", "", 'W'},
    {0x803381E8, 2150859240, "Sender", "w:QuotaLimit", "", 'W'},
    {0x803381E9, 2150859241, "Sender", "w:QuotaLimit", "", 'W'},
    {0x803381EA, 2150859242, "Sender", "w:QuotaLimit", "", 'W'},
};

// Of classes of CIM: in wsmerror.h, and in no table of SOAP faults.
constexpr Row of_classes[] = {
    {0x80338102, 2150859010, "Receiver", "w:InternalError", "", 'W'},
    {0x80338139, 2150859065, "Receiver", "w:InternalError", "", 'W'},
    {0x8033813A, 2150859066, "Receiver", "w:InternalError", "", 'W'},
    {0x8033813B, 2150859067, "Receiver", "w:InternalError", "", 'W'},
};

// Of shells, whose codes are in no table of SOAP faults.
constexpr Row of_shells[] = {
    {0x803381C4, 2150859204, "Receiver", "w:InternalError", "", 'W'},
    {0x803381D4, 2150859220, "Receiver", "w:InternalError", "", 'W'},
    {0x803381D5, 2150859221, "Receiver", "w:InternalError", "", 'W'},
    {0x803381D6, 2150859222, "Receiver", "w:InternalError", "", 'W'},
    {0x803381D7, 2150859223, "Receiver", "w:InternalError", "", 'W'},
    {0x803381F2, 2150859250, "Receiver", "w:InternalError", "", 'W'},
    {0x80070002, 2147942402, "Receiver", "w:InternalError", "", 'W'},
    {50, 50, "Receiver", "w:InternalError", "", 'W'},
};
// clang-format on

std::string_view action_of(char family) {
    switch (family) {
        case 'A':
            return "http://schemas.xmlsoap.org/ws/2004/08/addressing/fault";
        case 'N':
            return "http://schemas.xmlsoap.org/ws/2004/09/enumeration/fault";
        case 'E':
            return "http://schemas.xmlsoap.org/ws/2004/08/eventing/fault";
        case 'T':
            return "http://schemas.xmlsoap.org/ws/2004/09/transfer/fault";
        default:
            return "http://schemas.dmtf.org/wbem/wsman/1/wsman/fault";
    }
}

void expect_written(const Row& row) {
    SCOPED_TRACE(std::to_string(row.decimal));
    EXPECT_EQ(row.code, row.decimal);
    const auto xml = write_fault("uuid:1", "uuid:2", "host", make_fault(row.code));
    const auto has = [&](const std::string& part) {
        EXPECT_NE(xml.find(part), std::string::npos) << part << " is not in " << xml;
    };
    has(">s:" + std::string(row.soap) + "</s:Value>");
    has(">" + std::string(action_of(row.family)) + "</a:Action>");
    has("Code=\"" + std::to_string(row.decimal) + "\"");
    if (*row.subcode != '\0')
        has("<s:Subcode><s:Value>" + std::string(row.subcode) + "</s:Value>");
    else
        EXPECT_EQ(xml.find("s:Subcode"), std::string::npos);
    if (*row.detail != '\0')
        has("<w:FaultDetail>http://schemas.dmtf.org/wbem/wsman/1/wsman/faultDetail/" +
            std::string(row.detail) + "<");
    else
        EXPECT_EQ(xml.find("FaultDetail"), std::string::npos);
}

TEST(FaultAppendix, EveryRow) {
    for (const Row& row : appendix) expect_written(row);
}

TEST(FaultAppendix, QuotasAndShellRights) {
    for (const Row& row : quotas) expect_written(row);
}

TEST(FaultAppendix, CodesOfClasses) {
    for (const Row& row : of_classes) {
        expect_written(row);
        EXPECT_FALSE(code_name(row.code).empty());
        EXPECT_FALSE(make_fault(row.code).reason.empty());
    }
    for (const std::uint32_t code : {0x80338139u, 0x8033813Au, 0x8033813Bu})
        EXPECT_NE(to_error(make_fault(code)).advice.at(0).find("__cimnamespace"), std::string::npos);
}

TEST(FaultAppendix, CodesOfShells) {
    for (const Row& row : of_shells) expect_written(row);
}

TEST(FaultAppendix, WhatIsInNoTableIsAnInternalError) {
    expect_written({0x8033F00D, 2150887437, "Receiver", "w:InternalError", "", 'W'});
    expect_written({0x8009030C, 2148074252, "Receiver", "w:InternalError", "", 'W'});
}

}  // namespace
}  // namespace mullion::wsman
