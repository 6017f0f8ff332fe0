// CIM_DataFile: one file, or those of one folder. Nobody lists all files of a machine.

#include "cim/classes/bases.h"
#include "cim/classes/classes.h"
#include "cim/classes/common.h"

namespace mullion::cim {
namespace {

using enum Type;

constexpr PropertyDef logical_properties[] = {{"AccessMask", uint32},
                                              {"Archive", boolean},
                                              {"Compressed", boolean},
                                              {"CompressionMethod"},
                                              {"CreationClassName"},
                                              {"CreationDate", datetime},
                                              {"CSCreationClassName"},
                                              {"CSName"},
                                              {"Drive"},
                                              {"EightDotThreeFileName"},
                                              {"Encrypted", boolean},
                                              {"EncryptionMethod"},
                                              {"Extension"},
                                              {"FileName"},
                                              {"FileSize", uint64},
                                              {"FileType"},
                                              {"FSCreationClassName"},
                                              {"FSName"},
                                              {"Hidden", boolean},
                                              {"InUseCount", uint64},
                                              {"LastAccessed", datetime},
                                              {"LastModified", datetime},
                                              {"Path"},
                                              {"Readable", boolean},
                                              {"System", boolean},
                                              {"Writeable", boolean}};
constexpr PropertyDef properties[] = {{"Manufacturer"}, {"Name", string, true}, {"Version"}};

constinit const ClassDef cim_logical_file = {
    "CIM_LogicalFile", &cim_logical_element, logical_properties, {}, true, false, "root/cimv2"};
constinit const ClassDef definition_ = {"CIM_DataFile", &cim_logical_file, properties, {}, false,
                                        false,          "root/cimv2"};

constexpr std::size_t longest_path = 4096;  // PATH_MAX

// From the root on, and said in one way only.
bool is_plain(std::string_view path) {
    return path.starts_with('/') && path.size() < longest_path && path.find('\0') == std::string_view::npos &&
           path.find("//") == std::string_view::npos &&
           (std::string(path) + '/').find("/./") == std::string::npos &&
           (std::string(path) + '/').find("/../") == std::string::npos;
}

void set_names(std::string_view path, Instance& instance) {
    const auto slash = path.rfind('/');
    const auto file = path.substr(slash + 1);
    // What a name begins with is not its extension.
    const auto dot = file.rfind('.');
    const bool extended = dot != std::string_view::npos && dot > 0;
    instance.set("Name", readable(path))
        .set("Caption", readable(path))
        .set("Description", readable(path))
        .set("Path", readable(path.substr(0, slash + 1)))
        .set("FileName", readable(extended ? file.substr(0, dot) : file))
        .set("Extension", extended ? readable(file.substr(dot + 1)) : std::string())
        .set("Hidden", file.starts_with('.'));
}

class DataFile final : public Provider {
public:
    DataFile() : Provider(definition_) {}

    // WHERE Name = '/var/log/syslog', or WHERE Path = '/var/log/'.
    std::optional<Fault> enumerate(const Machine& machine, const Question& question,
                                   Sink& sink) const override {
        const auto computer = host_name(machine);
        if (const auto* name = question.equal_to("Name")) {
            if (auto instance = instance_of(machine, computer, *name)) (void)sink.put(std::move(*instance));
            return std::nullopt;
        }
        const auto* path = question.equal_to("Path");
        if (!path) return Fault{Fault::Kind::needs_key, "Name or Path"};
        return list(machine, computer, *path, sink);
    }

private:
    std::optional<Fault> list(const Machine& machine, const std::optional<std::string>& computer,
                              const std::string& path, Sink& sink) const {
        if (!is_plain(path) || !path.ends_with('/') || !machine.exists(path)) return std::nullopt;
        const auto names = machine.list(path);
        // There it is, and what is in it is not shown to us: that is not "no files".
        if (!names) return Fault{Fault::Kind::unreadable, readable(path)};
        for (const auto& name : *names) {
            auto instance = instance_of(machine, computer, path + name);
            if (instance && !sink.put(std::move(*instance))) break;
        }
        return std::nullopt;
    }

    std::optional<Instance> instance_of(const Machine& machine, const std::optional<std::string>& computer,
                                        const std::string& path) const {
        const auto facts = is_plain(path) ? machine.file_facts(path) : std::nullopt;
        if (!facts) return std::nullopt;
        auto instance = make();
        set_names(path, instance);
        instance.set("FileSize", facts->size)
            .set("LastModified", moment_at(machine, facts->modified))
            .set("LastAccessed", moment_at(machine, facts->accessed))
            .set("Readable", facts->readable)
            .set("Writeable", facts->writable)
            .set("FileType", "File")
            .set("Status", "OK")
            .set("CreationClassName", "CIM_LogicalFile")
            .set("CSCreationClassName", "Win32_ComputerSystem")
            .set("CSName", computer)
            .set("FSCreationClassName", "Win32_FileSystem");
        if (facts->born) instance.set("CreationDate", moment_at(machine, *facts->born));
        return instance;
    }
};

}  // namespace

const Provider& data_file() {
    static const DataFile provider;
    return provider;
}

}  // namespace mullion::cim
