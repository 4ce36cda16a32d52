import { Argument, type Command } from 'commander'
import { z } from 'zod'
import { CommandFailure, exitCodes } from './exit-codes'

const optionsSchema = z.object({ name: z.string().regex(/^[\w-]{1,64}$/) })

/** Prints what a shell needs to complete this command line; it reads no data folder. */
export function addCompletionCommand(program: Command, write: (text: string) => void): void {
  program
    .command('completion')
    .addArgument(new Argument('<shell>', 'whose completion').choices(['bash', 'zsh']))
    .description('prints the completion of this command line for bash or zsh')
    .option('--name <name>', 'what this command line is called in your shell', 'reelport-admin')
    .addHelpText('after', completionHelp)
    .action((shell: string, options: unknown) => {
      const parsed = optionsSchema.safeParse(options)
      if (!parsed.success) throw new CommandFailure(exitCodes.usage, '--name: letters, digits, _ and - only')
      const script = bashScript(parsed.data.name, program)
      write(shell === 'zsh' ? `${zshBegin}\n${script}` : script)
    })
}

/** What zsh lends from bash is built on its own completion, which an empty `~/.zshrc` has not loaded. */
const zshBegin = `autoload -Uz compinit bashcompinit
(( \${+functions[compdef]} )) || compinit; bashcompinit`

const completionHelp = `
Give the command line a name, and load its completion (in ~/.bashrc or ~/.zshrc):
  reelport-admin() { npm --prefix DIR --silent run admin -- "$@"; }
  source <(reelport-admin completion bash)`

type Node = { readonly path: string; readonly words: readonly string[] }

/** Commands whose last word is a file. */
const takeFiles = 'backup|restore'

/** Every command by its words, with what may follow: commands below it and its options, those of the program included. */
function nodesOf(command: Command, path: readonly string[], inherited: readonly string[]): Node[] {
  const options = [...inherited, ...command.options.flatMap(({ long }) => long ?? [])]
  const below = command.commands.map((each) => each.name())
  const choices = command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? [])
  const node = { path: path.join(' '), words: [...below, ...choices, ...options, '--help'] }
  return [node, ...command.commands.flatMap((each) => nodesOf(each, [...path, each.name()], options))]
}

/** What an option takes where that is one of a few words. */
const choicesOf = (command: Command): readonly string[] => [
  ...command.options.flatMap(({ long, argChoices }) =>
    argChoices === undefined
      ? []
      : `    ${long}) COMPREPLY=($(compgen -W "${argChoices.join(' ')}" -- "$current")); return ;;`,
  ),
  ...command.commands.flatMap(choicesOf),
]

/** The words typed so far are walked as far as they are commands; folders and files stand where `--data-dir` or an option asks. */
function bashScript(name: string, program: Command): string {
  const nodes = nodesOf(program, [], [])
  const lines = nodes.map(({ path, words }) => `    '${path}') words='${words.join(' ')}' ;;`)
  const paths = nodes.flatMap(({ path }) => (path === '' ? [] : [`'${path}'`])).join('|')
  const complete = `_${name.replaceAll('-', '_')}`
  return `${complete}() {
  local word current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" at='' words='' index
  case "$previous" in
    --data-dir) COMPREPLY=($(compgen -d -- "$current")); return ;;
    --csv) COMPREPLY=($(compgen -f -- "$current")); return ;;
${[...new Set(choicesOf(program))].join('\n')}
  esac
  for ((index = 1; index < COMP_CWORD; index++)); do
    word="\${COMP_WORDS[index]}"
    case "\${at:+$at }$word" in ${paths}) at="\${at:+$at }$word" ;; esac
  done
  case "$at" in
${lines.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  case "$at" in ${takeFiles}) COMPREPLY+=($(compgen -f -- "$current")) ;; esac
}
complete -F ${complete} ${name}
`
}
