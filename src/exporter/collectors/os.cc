// What system it is, by Win32_OperatingSystem and Win32_ComputerSystem.
#include "exporter/collectors/all.h"
#include "exporter/metric_table.h"

namespace mullion::exporter {
namespace {

constexpr Family info = {
    "windows_os_info",
    Kind::gauge,
    "1, with product and version. A build of 22000 and above is Windows 11, whose major_version is 10.",
    {"product", "version", "major_version", "minor_version", "build_number", "installation_type"}};
constexpr Family hostname = {
    "windows_os_hostname", Kind::gauge, "1, with the names of the host", {"hostname", "domain", "fqdn"}};
constexpr Family installed = {"windows_os_install_time_timestamp_seconds",
                              Kind::gauge,
                              "When the system was installed, in seconds since 1970 (InstallDate)",
                              {}};
constexpr std::array families = {&info, &hostname, &installed};
constexpr std::string_view os_properties[] = {"Caption", "Version", "BuildNumber", "ProductType",
                                              "InstallDate"};
constexpr std::string_view computer_properties[] = {"DNSHostName", "Domain", "PartOfDomain"};
constexpr Source sources[] = {{"Win32_OperatingSystem", os_properties},
                              {"Win32_ComputerSystem", computer_properties}};

constexpr std::uint64_t workstation = 1;  // ProductType

// "10.0.20348": the first or second number.
std::string part(const std::string& version, unsigned index) {
    std::string_view rest = version;
    for (; index > 0; --index) {
        const auto dot = rest.find('.');
        if (dot == std::string_view::npos) return {};
        rest.remove_prefix(dot + 1);
    }
    return std::string(rest.substr(0, rest.find('.')));
}

void add_system(Page& page, const Row& row) {
    constexpr std::string_view maker = "Microsoft ";
    auto product = row.text_or_empty("Caption");
    if (product.starts_with(maker)) product.erase(0, maker.size());  // The registry's name, which has none.
    const auto version = row.text_or_empty("Version");
    const auto type = row.whole("ProductType");
    const std::string_view kind = !type ? "" : *type == workstation ? "Client" : "Server";
    page.add(info,
             {product, version, part(version, 0), part(version, 1), row.text_or_empty("BuildNumber"), kind},
             1);
    if (const auto at = row.timestamp("InstallDate")) page.add(installed, {}, *at);
}

void add_names(Page& page, const Row& row) {
    const auto name = row.text_or_empty("DNSHostName");
    // Outside of a domain the property is the workgroup's name, which is no part of the host's.
    const auto domain =
        row.boolean("PartOfDomain").value_or(false) ? row.text_or_empty("Domain") : std::string();
    page.add(hostname, {name, domain, domain.empty() ? name : name + '.' + domain}, 1);
}

void read(const Given& given, Page& page) {
    given.each(0, [&](const Row& row) { add_system(page, row); });
    given.each(1, [&](const Row& row) { add_names(page, row); });
}

}  // namespace

constinit const Collector os_collector = {"os", "Product, version, names", sources, families, read};

}  // namespace mullion::exporter
