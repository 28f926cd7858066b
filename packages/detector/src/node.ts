export { type ChildDirectory, type ChildrenListing, readChildren } from './read-children.ts';
export { readFolder } from './read-folder.ts';
