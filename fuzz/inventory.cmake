mullion_fuzz(inventory_yaml SOURCE inventory_yaml.cc USES inventory)
mullion_fuzz(vault SOURCE vault.cc USES inventory)
