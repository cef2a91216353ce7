/* SPDX-License-Identifier: PostgreSQL */
/* Weak stand-ins for parts that are not merged yet; goes when they are. */
__asm__(".text\n.weak cmd_config\ncmd_config: ud2");
__asm__(".text\n.weak cli_conf\ncli_conf: ud2");
__asm__(".text\n.weak ask_yes_no\nask_yes_no: ud2");
