/**
 * 512 short English words that sound unlike one another: 9 bits each. They are read out on the telephone and typed in, so
 * capitals and what stands between them do not matter (`codes.ts`).
 */
export const codeWords: readonly string[] = `
acid acorn actor adapt agent alarm album alley amber angle ankle apple apron arch arena arrow atlas attic aunt award
axis bacon badge bagel baker balm bamboo bank barn basil basin beach beam bean bear beard beast bell belt bench berry
bike bird black blade blank blaze blend block bloom blue board boat body bone book boot bowl brain brand brass bread
brick bride brief brook broom brown brush bucket bugle bulb bunny bush cabin cable cactus cake camel camp canal canoe
canvas cape card cargo carol carpet cart castle cedar cello chain chair chalk charm chart chef cherry chess chest
chief chin choir cider circle city clam cliff clock cloth cloud clover coach coal coast cobalt cocoa comb comet coral
cork corn cotton couch cousin cow crab crane crater cream crisp crown cube cup cycle daisy dance dawn deck deer delta
desk diner disk dock dog doll dome donkey door dove dragon drama draw dream dress drift drum duck dune dust earth east
echo edge eel egg elbow elm ember engine estate exit fable fair falcon farm fawn feast fern ferry fiber field fig film
finch fire fish flame flask fleet flint flock flood floor flour flute foam fog folk fork fort fossil fox frame frog
frost fruit fuel gala garden garlic gate gem giant ginger giraffe glass globe glove goat gold goose grape grass green
grid grove guest guide guitar gulf gum habit hail hammer hand harbor harp hat hawk hazel hedge helmet herb hero heron
hill hippo hobby holly honey hood hook horn horse hotel house hut ice icon igloo index ink inlet iris iron island
ivory jacket jade jam jar jaw jazz jeans jelly jewel jockey joke judge juice jump jungle jury kayak kernel kettle key
king kite kitten knee knot koala label ladder lagoon lake lamb lamp lance land lane lark lava lawn leaf ledge lemon
lens level lilac lily lime linen lion lizard lobby lodge log lotus lunar lynx magnet maid mango manor maple marble
march market mask mast meadow medal melon menu metal meter milk mill mint mirror mist moat model moon moss moth mouse
mud mule music myth nail name navy neck needle nest net night noble noon north nose note novel nurse nut oak oasis oat
ocean olive onion orange orbit organ otter oval oven owl oxide oyster paddle page paint palace palm panda panel paper
parade park parrot party path peach peak pear pearl pebble pencil pepper piano pilot pine pink pipe pizza plain planet
plate plaza plum pocket poem pole pond pony pool poppy port post potato prism prize puma pump purple quail quarry
queen quest quill quilt rabbit radar radio raft rail rain ranch raven reed reef resin ribbon rice ridge ring river
robe robin robot rock root rope rose ruby rug sail salad salmon salt sand satin sauce scarf school seal seed shark
sheep shell ship shoe shore silk silver siren skate sky sled smoke snail snow soap sofa solar sonic south spark spice
spoon spring spruce square stage star steam stone stool storm stove straw sugar summer swan
`
  .trim()
  .split(/\s+/)
